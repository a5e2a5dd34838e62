import formbody from '@fastify/formbody'
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import { open } from 'lmdb'

// What the same work costs without Emberlink: one route that parses the same body, goes to the store as often, in the
// same way, and answers a constant of the same size through a response schema. No keys, no sealing, no rules.

const SHARED = {
  custid: 'anon',
  metadata_key: 'a'.repeat(31),
  secret_key: 'b'.repeat(31),
  ttl: 3600,
  metadata_ttl: 7200,
  secret_ttl: 3600,
  state: 'new',
  updated: 1_795_000_000,
  created: 1_795_000_000,
  recipient: [],
  share_domain: '',
  passphrase_required: false,
}
const REVEALED = { value: 'v'.repeat(100), secret_key: 'b'.repeat(31) }

interface Steps {
  count(): Promise<unknown>
  create(id: string): Promise<unknown>
  claim(id: string): Promise<unknown>
}

const sealed = Buffer.alloc(123, 7)

function redisSteps(url: string): Steps {
  const redis = new Redis(url, { enableAutoPipelining: true })
  redis.defineCommand('count', {
    numberOfKeys: 1,
    lua: "local n = redis.call('INCR', KEYS[1]) if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end return n",
  })
  redis.defineCommand('create', {
    numberOfKeys: 2,
    lua: "redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[2])",
  })
  redis.defineCommand('claim', {
    numberOfKeys: 2,
    lua: "local v = redis.call('GET', KEYS[1]) local m = redis.call('GET', KEYS[2]) redis.call('DEL', KEYS[1]) redis.call('SET', KEYS[2], m or '', 'KEEPTTL') return v",
  })
  const scripts = redis as unknown as Record<
    string,
    (...args: (string | number | Buffer)[]) => Promise<unknown>
  >
  const call = (name: string, ...args: (string | number | Buffer)[]) => {
    const script = scripts[name]
    return script === undefined ? Promise.reject(new Error(name)) : script.call(redis, ...args)
  }
  return {
    count: () => call('count', 'bench:count', 1_200_000),
    create: (id) => call('create', `bench:s:${id}`, `bench:m:${id}`, sealed, 3_600_000, 'new'),
    claim: (id) => call('claim', `bench:s:${id}`, `bench:m:${id}`),
  }
}

function lmdbSteps(folder: string): Steps {
  const durable = open({ path: `${folder}/durable`, encoding: 'binary', overlappingSync: false })
  const passing = open<number>({ path: `${folder}/passing`, overlappingSync: false, noSync: true })
  return {
    count: () => passing.transaction(() => passing.put('count', (passing.get('count') ?? 0) + 1)),
    create: (id) =>
      durable.transaction(() => {
        void durable.put(`s:${id}`, sealed)
        void durable.put(`m:${id}`, sealed)
      }),
    claim: (id) =>
      durable.transaction(() => {
        const value = durable.get(`s:${id}`)
        void durable.remove(`s:${id}`)
        void durable.put(`m:${id}`, sealed)
        return value
      }),
  }
}

// Ids that lie as far apart as drawn ones, so that a tree of them is written to in as many places.
function spread(count: number): string {
  return (Math.imul(count, 2_654_435_761) >>> 0).toString(36).padStart(25, '0')
}

function schemaOf(answer: Record<string, unknown>) {
  const types = Object.entries(answer).map(([name, value]) => {
    if (Array.isArray(value)) return [name, { type: 'array', items: { type: 'string' } }]
    return [name, { type: typeof value === 'number' ? 'integer' : typeof value }]
  })
  return { response: { 200: { type: 'object', properties: Object.fromEntries(types) } } }
}

const { REDIS_URL, DATA_DIR = '.', PORT } = process.env
const steps = REDIS_URL === undefined ? lmdbSteps(DATA_DIR) : redisSteps(REDIS_URL)
const app = Fastify()
let next = 0
await app.register(formbody)
app.get('/health/live', async () => ({ status: 'live' }))
app.post('/api/v1/share', { schema: schemaOf(SHARED) }, async () => {
  await steps.count()
  next += 1
  await steps.create(spread(next))
  return SHARED
})
app.post<{ Params: { key: string } }>(
  '/api/v1/secret/:key',
  { schema: schemaOf(REVEALED) },
  async (request) => {
    await steps.count()
    await steps.claim(spread(Number(request.params.key)))
    return REVEALED
  },
)
process.once('SIGTERM', () => process.exit(0))
await app.listen({ port: Number(PORT) })

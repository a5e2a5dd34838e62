import formbody from '@fastify/formbody'
import Fastify from 'fastify'
import { lmdbSteps } from './lmdb.ts'
import { redisSteps } from './redis.ts'
import { createSealing } from './sealing.ts'

// The least that the promises need: a bare Fastify that parses the same body, goes to the store once, which also counts the
// request against a limit, and gives the same answer. With SEALING=on it seals, too. It has no audit log, no rules, no
// security headers and no errors.

const KEY_LENGTH = 31

const text = { type: 'string' }
const whole = { type: 'integer' }
const created = {
  custid: text,
  metadata_key: text,
  secret_key: text,
  ttl: whole,
  metadata_ttl: whole,
  secret_ttl: whole,
  state: text,
  updated: whole,
  created: whole,
  recipient: { type: 'array', items: text },
  share_domain: text,
  passphrase_required: { type: 'boolean' },
}
const revealed = { value: text, secret_key: text }

const { REDIS_URL, DATA_DIR = '.', PORT, SEALING } = process.env
const steps = REDIS_URL === undefined ? lmdbSteps(DATA_DIR) : redisSteps(REDIS_URL)
const sealing = createSealing(SEALING === 'on' ? 'sealed' : 'clear')
const app = Fastify()
let next = 0

await app.register(formbody)
app.get('/health/live', async () => ({ status: 'live' }))

app.post<{ Body: { secret: string; ttl: string } }>(
  '/api/v1/share',
  { schema: schemaOf(created) },
  async ({ body: { secret, ttl } }) => {
    next += 1
    const key = spread(next)
    const seconds = Number(ttl)
    const now = Math.floor(Date.now() / 1000)
    await steps.create(sealing.idOf(key), sealing.seal(key, secret), seconds * 1000)
    return {
      custid: 'anon',
      metadata_key: key,
      secret_key: key,
      ttl: seconds,
      metadata_ttl: seconds * 2,
      secret_ttl: seconds,
      state: 'new',
      updated: now,
      created: now,
      recipient: [],
      share_domain: '',
      passphrase_required: false,
    }
  },
)

app.post<{ Params: { key: string } }>(
  '/api/v1/secret/:key',
  { schema: schemaOf(revealed) },
  async ({ params: { key } }) => ({
    value: sealing.open(key, await steps.claim(sealing.idOf(key))),
    secret_key: key,
  }),
)

process.once('SIGTERM', () => process.exit(0))
await app.listen({ port: Number(PORT) })

// Keys that lie as far apart as drawn ones, so that a tree of them is written to in as many places.
function spread(count: number): string {
  return (Math.imul(count, 2_654_435_761) >>> 0).toString(36).padStart(7, '0').padEnd(KEY_LENGTH, 'k')
}

function schemaOf(properties: Record<string, object>) {
  return { response: { 200: { type: 'object', properties } } }
}

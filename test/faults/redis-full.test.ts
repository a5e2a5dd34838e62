import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { api, failure } from '../api/client.ts'
import { run } from '../commands/emberlink.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { ROOT_KEY } from '../support/root-keys.ts'
import { startMetered } from '../telemetry/metered.ts'

const READY = { status: 200, body: { status: 'ready' } }
const FULL = {
  status: 200,
  body: { status: 'ready', writes: 'refused', reason: expect.stringMatching(/^store_full: OOM /) },
}

let redis: RedisServer
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
afterEach(() => redis.client.config('SET', 'maxmemory', '0'))

const fill = () => redis.client.config('SET', 'maxmemory', '1')

async function start(at = redis): Promise<TestServer> {
  const server = await startTestServer({ settings: { REDIS_URL: at.url, ROOT_KEY, RATE_LIMIT: 'off' } })
  onTestFinished(() => server.close())
  return server
}

async function readiness({ url }: { readonly url: string }) {
  const answer = await fetch(`${url}/health/ready`)
  return { status: answer.status, body: await answer.json() }
}

describe('F33: a server on a full Redis', () => {
  it('stays ready, says that it refuses writes, and reveals and burns what it holds', async () => {
    const server = await start()
    const { get, post } = api(server)
    const share = async (params = {}) => (await post('/share', { secret: 'a', ...params })).body
    const [plain, locked, burnable] = [await share(), await share({ passphrase: 'b' }), await share()]
    const unseen = await share()
    expect(await readiness(server)).toEqual(READY)
    await fill()
    expect(await post('/share', { secret: 'a' })).toEqual({
      ...failure(503, 'The service is not available at the moment'),
      retryAfter: 5,
    })
    await expect.poll(() => readiness(server)).toEqual(FULL)
    expect((await get('/status')).body).toEqual({ status: 'nominal' })
    expect((await post(`/secret/${plain.secret_key}`)).body.value).toBe('a')
    expect((await post(`/secret/${locked.secret_key}`, { passphrase: 'b' })).body.value).toBe('a')
    expect((await post(`/private/${burnable.metadata_key}/burn`)).status).toBe(200)
    expect((await get(`/private/${plain.metadata_key}`)).body['state']).toBe('received')

    expect((await get(`/private/${unseen.metadata_key}`)).body['state']).toBe('new')

    await redis.client.config('SET', 'maxmemory', '0')
    await expect.poll(() => readiness(server)).toEqual(READY)
    expect((await post('/share', { secret: 'a' })).status).toBe(200)
  })

  it('shows in its metrics that the store is up but not writable, and what it is when it is away', async () => {
    const own = await startRedis()
    onTestFinished(() => own.stop())
    const server = await startMetered({ REDIS_URL: own.url, ROOT_KEY })
    const store = async () => {
      const found = await server.metrics()
      return [found.get('emberlink_store_up'), found.get('emberlink_store_writable')]
    }
    expect(await store()).toEqual([1, 1])
    await own.client.config('SET', 'maxmemory', '1')
    await expect.poll(store).toEqual([1, 0])
    await own.kill()
    await expect.poll(store).toEqual([0, 0])
  })

  it('is reported by `emberlink check`, which exits with 1', async () => {
    await fill()
    const { code, stdout } = await run(['check'], { REDIS_URL: redis.url, ROOT_KEY })
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^settings: good\nstore: full\nwarning: nothing new can be stored: OOM .+\nroot keys: /,
    )
  })
})

describe('the readiness of a server', () => {
  it('says that Redis may evict secrets under a policy that does', async () => {
    const careless = await startRedis({ 'maxmemory-policy': 'allkeys-lru', maxmemory: '100mb' })
    onTestFinished(() => careless.stop())
    expect(await readiness(await start(careless))).toEqual({
      status: 200,
      body: {
        status: 'ready',
        warnings: ['Redis may evict unread secrets: maxmemory-policy is allkeys-lru, not noeviction'],
      },
    })
  })

  it('costs one write a second, however many ask', async () => {
    const server = await start()
    await redis.client.config('RESETSTAT')
    const began = Date.now()
    for (let round = 0; round < 4; round += 1)
      await Promise.all(Array.from({ length: 50 }, () => readiness(server)))
    const seconds = Math.ceil((Date.now() - began) / 1000)
    expect(await calls('set')).toBeGreaterThan(0)
    expect(await calls('set')).toBeLessThanOrEqual(seconds + 1)
  })

  it('is no part of GET /status, which writes nothing', async () => {
    const server = await start()
    await redis.client.config('RESETSTAT')
    for (let i = 0; i < 50; i += 1)
      expect((await api(server).get('/status')).body).toEqual({ status: 'nominal' })
    expect([await calls('set'), await calls('evalsha'), await calls('eval')]).toEqual([0, 0, 0])
  })

  async function calls(command: string): Promise<number> {
    const stats = await redis.client.info('commandstats')
    return Number(new RegExp(`^cmdstat_${command}:calls=(\\d+)`, 'm').exec(stats)?.[1] ?? 0)
  }
})

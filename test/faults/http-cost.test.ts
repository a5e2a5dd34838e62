import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_RATE_LIMITS } from '../../src/config/rate-limits.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, api, basic } from '../api/client.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { ROOT_KEY } from '../support/root-keys.ts'

let redis: RedisServer
let server: TestServer
beforeAll(async () => {
  redis = await startRedis()
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { REDIS_URL: redis.url, ROOT_KEY, RATE_LIMIT: DEFAULT_RATE_LIMITS },
  })
})
afterAll(async () => {
  await server.close()
  await redis.stop()
})

/** Makes one request of every kind. */
async function requestEverything(): Promise<void> {
  const [anybody, ana] = [api(server), api(server, basic())]
  const { body: read } = await anybody.post('/share', { secret: 'a' })
  await anybody.get(`/private/${read.metadata_key}`)
  expect((await anybody.post(`/secret/${read.secret_key}`)).body.value).toBe('a')
  const { body: burned } = await ana.post('/generate', { passphrase: 'b' })
  await anybody.post(`/secret/${burned.secret_key}`, { passphrase: 'c' })
  expect((await anybody.post(`/private/${burned.metadata_key}/burn`, { passphrase: 'b' })).status).toBe(200)
  await anybody.get('/status')
  expect((await anybody.post(`/secret/${read.secret_key}`)).status).toBe(404)
}

/** Creates some secrets, not all at once: a call to Redis that took too long would be followed by commands that look after it. */
async function createSecrets(count: number): Promise<void> {
  for (let created = 0; created < count; created += 30) {
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => api(server).post('/share', { secret: 'a' })),
    )
    for (const { status } of answers) expect(status).toBe(200)
  }
}

/** Counts how often Redis runs each command meanwhile, in scripts too. The server also asks for the time, once a minute. */
async function commandsOf(work: () => Promise<void>): Promise<Record<string, number>> {
  await redis.client.config('RESETSTAT')
  await work()
  const stats = await redis.client.info('commandstats')
  const counts = [...stats.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].map(([, name, calls]) => [
    name,
    Number(calls),
  ])
  return Object.fromEntries(counts.filter(([name]) => !/^(config|info|ping|client|time)/.test(String(name))))
}

describe('a request on Redis', () => {
  it('F22: runs the same commands among 900 secrets as among none, and never searches for keys', async () => {
    await requestEverything()
    const alone = await commandsOf(requestEverything)
    await createSecrets(900)
    const amongMany = await commandsOf(requestEverything)
    expect(amongMany).toEqual(alone)
    expect(Object.keys(alone)).not.toContain('keys')
    expect(Object.keys(alone)).not.toContain('scan')
  })

  it('is one command, rate limit included, where it creates, reveals or burns, and two to reveal with a passphrase or find nothing', async () => {
    const { post } = api(server)
    const scripts = async (work: () => Promise<unknown>) => {
      const { evalsha = 0, eval: evaluated = 0 } = await commandsOf(async () => void (await work()))
      return evalsha + evaluated
    }
    await requestEverything()
    const { body: read } = await post('/share', { secret: 'a' })
    const { body: burned } = await post('/share', { secret: 'a' })
    const { body: locked } = await post('/share', { secret: 'a', passphrase: 'b' })
    expect(await scripts(() => post('/share', { secret: 'a' }))).toBe(1)
    expect(await scripts(() => post('/share', { secret: 'a', passphrase: 'b' }))).toBe(2)
    expect(await scripts(() => post(`/secret/${read.secret_key}`))).toBe(1)
    // The second looks for an imported secret.
    expect(await scripts(() => post(`/secret/${read.secret_key}`))).toBe(2)
    expect(await scripts(() => post(`/private/${burned.metadata_key}/burn`))).toBe(1)
    expect(await scripts(() => post(`/secret/${locked.secret_key}`, { passphrase: 'c' }))).toBe(1)
    expect(await scripts(() => post(`/secret/${locked.secret_key}`, { passphrase: 'b' }))).toBe(2)
    expect(await scripts(() => post('/share', { secret: '' }))).toBe(1)
  })

  it('F23: opens no connection of its own, and stores nothing but its root key without an expiry', async () => {
    const connections = async () =>
      Number(/^connected_clients:(\d+)/m.exec(await redis.client.info('clients'))?.[1])
    const before = await connections()
    await Promise.all(Array.from({ length: 20 }, requestEverything))
    expect(await connections()).toBe(before)
    const keys = (await redis.client.keys('*')).filter((key) => key !== 'el:roots')
    const lives = await Promise.all(keys.map((key) => redis.client.ttl(key)))
    expect(keys.filter((_key, index) => (lives[index] ?? -1) < 0)).toEqual([])
    expect(keys.length).toBeGreaterThan(900)
  })
})

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, type Answer, type Api, api, basic, failure, unknownSecret } from '../api/client.ts'
import { type FaultyWire, startProxy } from '../support/proxy.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { forgetRootKeys, OTHER_ROOT_KEY, ROOT_KEY } from '../support/root-keys.ts'

const UNAVAILABLE = failure(503, 'The service is not available at the moment')

let redis: RedisServer
let wire: FaultyWire
let server: TestServer
let anybody: Api
let ana: Api
beforeAll(async () => {
  redis = await startRedis()
  wire = await startProxy(redis.port)
  server = await startOn(redis.url.replace(String(redis.port), String(wire.port)), ROOT_KEY)
  anybody = api(server)
  ana = api(server, basic())
})
afterAll(async () => {
  await server.close()
  await wire.stop()
  await redis.stop()
})

function startOn(REDIS_URL: string, key: string): Promise<TestServer> {
  return startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { REDIS_URL, ROOT_KEY: key, RATE_LIMIT: 'off' },
  })
}

const share = async (params: Record<string, string> = {}, by = anybody) =>
  (await by.post('/share', { secret: 'a', ...params })).body

/** Asks until the store is available. */
async function recovered(ask: () => Promise<Answer>): Promise<Answer> {
  const answer = await ask()
  return answer.status === 503 ? recovered(ask) : answer
}

describe('a server whose store is unreachable (docs/api/v1.md section 5)', () => {
  it('answers 503 with Retry-After wherever it needs the store, and burns nothing', async () => {
    const [plain, locked, burnable] = [await share(), await share({ passphrase: 'b' }), await share()]
    const receipt = await share()
    wire.blackhole()
    wire.cut()
    const answers = await Promise.all([
      anybody.post('/share', { secret: 'a' }),
      anybody.post('/create', { secret: 'a', passphrase: 'b' }),
      anybody.post('/generate'),
      ana.post('/share', { secret: 'a', recipient: 'x@example.com' }),
      ana.get('/authcheck'),
      ana.get('/private/recent'),
      anybody.get(`/private/${receipt.metadata_key}`),
      anybody.post(`/secret/${plain.secret_key}`),
      anybody.post(`/secret/${locked.secret_key}`, { passphrase: 'b' }),
      anybody.post(`/private/${burnable.metadata_key}/burn`),
    ])
    for (const answer of answers) expect(answer).toEqual({ ...UNAVAILABLE, retryAfter: 5 })
    expect((await anybody.get('/status')).body).toEqual({ status: 'offline' })
    const ready = await fetch(`${server.url}/health/ready`)
    expect({ status: ready.status, body: await ready.json() }).toEqual({
      status: 503,
      body: { status: 'unavailable', reason: 'store_unavailable' },
    })
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200)
    expect(server.mails).toEqual([])

    wire.restore()
    const revealed = await recovered(() => anybody.post(`/secret/${plain.secret_key}`))
    expect(revealed.body.value).toBe('a')
    expect((await anybody.post(`/secret/${locked.secret_key}`, { passphrase: 'b' })).body.value).toBe('a')
    expect((await anybody.get(`/private/${burnable.metadata_key}`)).body['state']).toBe('new')
    expect((await anybody.get('/status')).body).toEqual({ status: 'nominal' })
  })

  it('answers 503, never "Unknown secret", when the answer to a claim is lost (docs/api/v1.md section 6)', async () => {
    const { secret_key, metadata_key } = await share()
    await anybody.post('/secret/0123456789abcdefghijklmnopqrstu')
    wire.dropNextReply()
    expect(await anybody.post(`/secret/${secret_key}`)).toEqual({ ...UNAVAILABLE, retryAfter: 5 })
    const receipt = await recovered(() => anybody.get(`/private/${metadata_key}`))
    expect(receipt.body['state']).toBe('received')
    expect(await anybody.post(`/secret/${secret_key}`)).toEqual(unknownSecret(secret_key))
  })
})

describe('a server that cannot open a record (docs/api/v1.md section 5)', () => {
  it('answers 500 without any detail, and burns nothing', async () => {
    const [mine, plain, locked] = [await share({}, ana), await share(), await share({ passphrase: 'b' })]
    await forgetRootKeys(redis)
    const other = await startOn(redis.url, OTHER_ROOT_KEY)
    onTestFinished(() => other.close())
    const there = api(other)
    for (const answer of [
      await there.get(`/private/${mine.metadata_key}`),
      await there.post(`/private/${mine.metadata_key}/burn`),
      await there.post(`/secret/${plain.secret_key}`),
      await there.post(`/secret/${locked.secret_key}`, { passphrase: 'b' }),
    ]) {
      expect(answer).toEqual(failure(500, 'An unexpected error occurred'))
    }
    expect((await anybody.post(`/secret/${plain.secret_key}`)).body.value).toBe('a')
    expect((await anybody.post(`/secret/${locked.secret_key}`, { passphrase: 'b' })).body.value).toBe('a')
    expect((await anybody.post(`/private/${mine.metadata_key}/burn`)).status).toBe(200)
  })
})

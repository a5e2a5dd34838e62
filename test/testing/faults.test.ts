import pino from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startEphemeralServer } from '../../src/server/ephemeral.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, api, basic, failure, unknownSecret } from '../api/client.ts'
import { client, error } from '../api/v2/client.ts'
import { byControlApi, byMethods, startControls, type Way } from './ways.ts'

const RATE_LIMITED = 'Apologies dear citizen! You have been rate limited.'
const UNAVAILABLE = 'The service is not available at the moment'
const UNEXPECTED = 'An unexpected error occurred'

let server: TestServer
let controls: Awaited<ReturnType<typeof startControls>>
beforeAll(async () => {
  server = await startTestServer({ accounts: { [ANA.email]: ANA.token } })
  controls = await startControls(server)
})
afterEach(() => server.reset())
afterAll(() => Promise.all([controls.close(), server.close()]))

const create = async () => (await api(server).post('/share', { secret: 'x' })).body
const reveal = (key: string) => api(server).post(`/secret/${key}`)
const stateOf = async (key: string) => (await api(server).get(`/private/${key}`)).body['state']

describe.each([
  ['the methods of a test server', () => byMethods(server)],
  ['the control API', () => byControlApi(controls)],
])('faults by %s', (_name, control) => {
  let way: Way
  beforeAll(() => {
    way = control()
  })

  it('answer the next reveal with 429, 500 or 503, as the real ones do, and change nothing', async () => {
    const { secret_key } = await create()
    await way.add(
      { fault: 'answer-429', operation: 'reveal', seconds: 30 },
      { fault: 'answer-500', operation: 'reveal' },
      { fault: 'answer-503', operation: 'reveal' },
    )
    expect(await reveal(secret_key)).toEqual({ ...failure(429, RATE_LIMITED), retryAfter: 30 })
    expect(await reveal(secret_key)).toEqual(failure(500, UNEXPECTED))
    expect(await reveal(secret_key)).toEqual({ ...failure(503, UNAVAILABLE), retryAfter: 5 })
    expect(await reveal(secret_key)).toMatchObject({ status: 200, body: { value: 'x' } })
  })

  it('answer in the form of each version, and on the pages', async () => {
    const v2 = client(server, 'v2')
    const keys = await v2.conceal()
    await way.add({ fault: 'answer-429', times: 2 }, { fault: 'answer-500' }, { fault: 'answer-503' })
    const limited = await v2.post(`/secret/${keys.secretKey}/reveal`)
    expect(limited.status).toBe(429)
    expect(limited.body).toEqual(error('Rate limit exceeded', 'LimitExceeded', { retry_after: 60 }))
    const page = await fetch(`${server.url}/secret/${keys.secretKey}`)
    expect([page.status, page.headers.get('retry-after')]).toEqual([429, '60'])
    expect(await page.text()).toContain('<!doctype html>')
    expect(await v2.get(`/receipt/${keys.receiptKey}`)).toMatchObject({
      status: 500,
      body: error('Internal Server Error', 'ServerError'),
    })
    expect(await v2.post(`/receipt/${keys.receiptKey}/burn`)).toMatchObject({
      status: 503,
      body: error(UNAVAILABLE, 'ServerError', { retry_after: 5 }),
    })
    expect((await v2.post(`/secret/${keys.secretKey}/reveal`)).status).toBe(200)
  })

  it('happen in the order in which they were added, as often as asked, to their operation only', async () => {
    await way.add(
      { fault: 'answer-503', operation: 'create', times: 2 },
      { fault: 'answer-500', operation: 'create' },
      { fault: 'answer-429', operation: 'burn', times: 'always' },
    )
    const statuses: number[] = []
    for (let i = 0; i < 4; i += 1) {
      statuses.push((await api(server).post('/share', { secret: 'x' })).status)
      expect((await api(server).get('/status')).status).toBe(200)
    }
    expect(statuses).toEqual([503, 503, 500, 200])
    expect(await way.faults()).toEqual([{ fault: 'answer-429', operation: 'burn', times: 'always' }])
    const { metadata_key } = await create()
    const burn = () => api(server).post(`/private/${metadata_key}/burn`)
    expect([await burn(), await burn()].map(({ status }) => status)).toEqual([429, 429])
    await way.clear()
    expect((await burn()).status).toBe(200)
  })

  it('wait behind what a real server checks first: wrong credentials stay 401, and use up no fault', async () => {
    await way.add({ fault: 'answer-503' })
    const wrong = api(server, basic(ANA.email, 'not-the-token-of-ana'))
    expect((await wrong.post('/share', { secret: 'x' })).intended).toBe(401)
    expect(await way.faults()).toEqual([{ fault: 'answer-503', times: 1 }])
  })

  it('reach a rate limit, whose Retry-After counts down until the clock has moved on', async () => {
    const { secret_key } = await create()
    await way.add({ fault: 'rate-limit', operation: 'create', seconds: 100 })
    const another = () => api(server).post('/share', { secret: 'x' })
    expect(await another()).toMatchObject({ status: 429, retryAfter: 100 })
    await way.advance(40)
    expect(await another()).toMatchObject({ status: 429, retryAfter: 60 })
    expect((await reveal(secret_key)).status).toBe(200)
    await way.advance(60)
    expect((await another()).status).toBe(200)
    expect(await way.faults()).toEqual([])
  })

  it('let a reveal hang until it is released', async () => {
    const { secret_key, metadata_key } = await create()
    await way.add({ fault: 'hang', operation: 'reveal' })
    const revealed = reveal(secret_key)
    await way.held()
    expect(await stateOf(metadata_key)).toBe('new')
    expect(await way.release()).toBe(1)
    expect((await revealed).body.value).toBe('x')
    expect(await way.release()).toBe(0)
  })

  it.each(['create', 'reveal'] as const)(
    'let a %s hang until the client gives up, which changes nothing',
    async (operation) => {
      const ana = api(server, basic())
      const { secret_key } = (await ana.post('/share', { secret: 'x' })).body
      await way.add({ fault: 'hang', operation })
      const patience = new AbortController()
      const path = operation === 'create' ? '/share?secret=y' : `/secret/${secret_key}`
      const given = ana.call('POST', path, { signal: patience.signal })
      await way.held()
      patience.abort()
      await expect(given).rejects.toThrow('aborted')
      expect((await reveal(secret_key)).body.value).toBe('x')
      expect((await ana.get('/private/recent')).body).toHaveLength(1)
    },
  )

  it('cut the connection before a claim, so that the secret is still there', async () => {
    const { secret_key } = await create()
    await way.add({ fault: 'cut-before', operation: 'reveal' })
    await expect(reveal(secret_key)).rejects.toThrow('fetch failed')
    expect((await reveal(secret_key)).body.value).toBe('x')
  })

  it('cut the connection after a claim, so that the secret is gone and its value lost', async () => {
    const { secret_key, metadata_key } = await create()
    await way.add({ fault: 'cut-after', operation: 'reveal' })
    await expect(reveal(secret_key)).rejects.toThrow('fetch failed')
    expect(await stateOf(metadata_key)).toBe('received')
    expect(await reveal(secret_key)).toEqual(unknownSecret(secret_key))
  })

  it('hold an answer, whose effect is there, until it is released', async () => {
    const { secret_key, metadata_key } = await create()
    await way.add({ fault: 'late', operation: 'reveal' })
    const revealed = reveal(secret_key)
    await way.held()
    expect(await stateOf(metadata_key)).toBe('received')
    await way.clear()
    expect((await revealed).body.value).toBe('x')
  })

  it('hold an answer for a number of milliseconds', async () => {
    const began = performance.now()
    await way.add({ fault: 'late', milliseconds: 20 })
    expect((await api(server).get('/status')).status).toBe(200)
    expect(performance.now() - began).toBeGreaterThan(19)
  })

  it('take the store away: whatever needs it is 503, and so is readiness, until it is back', async () => {
    const { secret_key, metadata_key } = await create()
    await way.add({ fault: 'store-away' })
    expect(await api(server).post('/share', { secret: 'x' })).toEqual({
      ...failure(503, UNAVAILABLE),
      retryAfter: 5,
    })
    expect((await reveal(secret_key)).status).toBe(503)
    expect((await api(server).get(`/private/${metadata_key}`)).status).toBe(503)
    expect((await fetch(`${server.url}/secret/${secret_key}`)).status).toBe(503)
    const ready = await fetch(`${server.url}/health/ready`)
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'unavailable', reason: 'store_unavailable' },
    ])
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200)
    await way.clear()
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
    expect((await reveal(secret_key)).body.value).toBe('x')
  })

  it('give the same journal each time', async () => {
    const story = async () => {
      await way.add(
        { fault: 'answer-503', operation: 'create' },
        { fault: 'cut-after', operation: 'reveal' },
        { fault: 'late', operation: 'receipt', milliseconds: 1 },
        { fault: 'rate-limit', operation: 'burn' },
      )
      const ana = api(server, basic())
      await ana.post('/share', { secret: 'x' })
      const { secret_key, metadata_key } = (await ana.post('/share', { secret: 'x' })).body
      await expect(reveal(secret_key)).rejects.toThrow()
      await ana.get(`/private/${metadata_key}`)
      await ana.post(`/private/${metadata_key}/burn`)
      return way.requests()
    }
    const first = await story()
    expect(first).toEqual([
      entry('/api/v1/share', 'create', { account: ANA.email, status: 503, fault: 'answer-503' }),
      entry('/api/v1/share', 'create', { account: ANA.email, status: 200 }),
      entry('/api/v1/secret/:key', 'reveal', { status: null, fault: 'cut-after' }),
      entry('/api/v1/private/:key', 'receipt', {
        method: 'GET',
        account: ANA.email,
        status: 200,
        fault: 'late',
      }),
      entry('/api/v1/private/:key/burn', 'burn', { account: ANA.email, status: 429, fault: 'rate-limit' }),
    ])
    await way.reset()
    expect(await story()).toEqual(first)
  })
})

it('end with the server, which waits for no request that is held, or will be', async () => {
  const logger = pino({ level: 'silent' })
  // Far longer than a test may take.
  const other = await startEphemeralServer({}, { logger, deadlines: { requests: 600_000 } })
  const { body } = await api(other).post('/share', { secret: 'x', passphrase: 'takes time' })
  other.faults.add({ fault: 'hang', operation: 'status' }, { fault: 'late', operation: 'reveal' })
  const pending = [
    api(other).get('/status'),
    api(other).post(`/secret/${body.secret_key}`, { passphrase: 'takes time' }),
  ]
  const outcomes = Promise.allSettled(pending)
  await expect.poll(() => other.requests.list().filter(({ fault }) => fault !== null)).toHaveLength(2)
  await other.close()
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})

function entry(path: string, operation: string, more: object) {
  return { method: 'POST', path, operation, account: null, fault: null, ...more }
}

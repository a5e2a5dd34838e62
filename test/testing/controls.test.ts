import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { FAULTS, type Fault } from '../../src/testing/fault.ts'
import { OPERATIONS } from '../../src/testing/operations.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, api, basic, unknownSecret } from '../api/client.ts'
import { client } from '../api/v2/client.ts'
import { Visitor } from '../web/visitor.ts'
import { control, startControls } from './ways.ts'

const LIMITS = 'create=2/600,wrong-token=1/600,unreadable-body=1/600'
const PASSPHRASE = 'passphrase-of-a-test'
const SECRET = 'secret-of-a-test'

let server: TestServer
let controls: Awaited<ReturnType<typeof startControls>>
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { RATE_LIMIT: LIMITS },
  })
  controls = await startControls(server)
})
beforeEach(() => server.reset())
afterAll(() => Promise.all([controls.close(), server.close()]))

const call = (endpoint: string, body?: unknown) => control(controls, endpoint, body)
const ana = () => api(server, basic())

describe('the control API', () => {
  it('listens on this machine only, and answers nothing without its token', async () => {
    expect(controls.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    server.faults.add({ fault: 'answer-503' })
    for (const header of ['', 'Bearer', 'Bearer wrong', `Basic ${controls.token}`, controls.token]) {
      for (const endpoint of ['GET /faults', 'DELETE /faults', 'POST /reset', 'GET /nothing']) {
        expect(await control(controls, endpoint, undefined, header), header).toEqual({
          status: 401,
          body: { error: 'the Authorization header takes "Bearer " and the token that the server printed' },
        })
      }
    }
    expect(server.faults.list()).toHaveLength(1)
  })

  it('has a token of its own for each server', async () => {
    const other = await startControls(server)
    onTestFinished(other.close)
    expect(other.token).toMatch(/^[0-9a-f]{48}$/)
    expect(other.token).not.toBe(controls.token)
  })

  it('is not on the port of the server', async () => {
    for (const path of ['/clock', '/emails', '/requests', '/faults', '/held']) {
      const headers = { authorization: `Bearer ${controls.token}` }
      expect((await fetch(`${server.url}${path}`, { headers })).status).toBe(404)
    }
  })

  it('moves the clock, which the server goes by', async () => {
    const { metadata_key } = (await ana().post('/share', { secret: 'x', ttl: '60' })).body
    const { now } = (await call('GET /clock')).body
    expect(await call('POST /clock', { advance: 60.5 })).toEqual({ status: 200, body: { now: now + 60_500 } })
    expect((await ana().get(`/private/${metadata_key}`)).body['state']).toBe('expired')
  })

  it('moves the clock by whole milliseconds, and by no more than a century in all', async () => {
    const { now } = (await call('GET /clock')).body
    expect((await call('POST /clock', { advance: 0.0006 })).body).toEqual({ now: now + 1 })
    expect((await call('POST /clock', { advance: 3_153_599_999 })).status).toBe(200)
    expect(await call('POST /clock', { advance: 1 })).toEqual({
      status: 400,
      body: { error: 'the clock moves forward by at most 3153600000 seconds in all' },
    })
    expect((await ana().post('/share', { secret: 'x' })).status).toBe(200)
    expect(server.clock.now()).toBe(now + 1 + 3_153_599_999_000)
  })

  it('rejects more faults than a test can mean, and a body that is too large', async () => {
    for (const [body, error] of [
      [Array(1001).fill({ fault: 'hang' }), 'a call adds at most 1000 faults; see times'],
      [`${' '.repeat(1024 * 1024 - 1)}{}`, 'the body has more than 1048576 bytes'],
    ] as const)
      expect(await call('POST /faults', body)).toEqual({ status: 400, body: { error } })
  })

  it('takes a body of no bytes for none, also in chunks', async () => {
    const headers = { authorization: `Bearer ${controls.token}`, 'transfer-encoding': 'chunked' }
    const [response] = await once(
      request(`${controls.url}/release`, { method: 'POST', headers }).end(),
      'response',
    )
    expect([response.statusCode, await json(response)]).toEqual([200, { released: 0 }])
  })

  it('lists and clears emails and requests', async () => {
    const params = { secret: 'x', recipient: 'bo@example.com' }
    const { secret_key } = (await ana().post('/share', params)).body
    expect((await call('GET /emails')).body).toEqual({
      emails: [
        {
          to: 'bo@example.com',
          link: `${server.url}/secret/${secret_key}`,
          sender: ANA.email,
          locale: 'en',
          expires: server.clock.now() + 604_800_000,
        },
      ],
    })
    expect((await call('GET /requests')).body.requests).toMatchObject([{ account: ANA.email }])
    expect(server.emails.list()).toEqual(server.mails)
    expect([await call('DELETE /emails'), await call('DELETE /requests')]).toEqual([
      { status: 200, body: {} },
      { status: 200, body: {} },
    ])
    expect([(await call('GET /emails')).body, (await call('GET /requests')).body]).toEqual([
      { emails: [] },
      { requests: [] },
    ])
    expect(server.mails).toEqual([])
  })

  it.each([
    ['GET /fault', undefined, 404, 'unknown endpoint; there are GET /clock, POST /clock, GET /emails'],
    ['PUT /faults', '{}', 404, 'unknown endpoint; there are '],
    ['POST /faults', '{', 400, 'the body is not JSON'],
    ['POST /clock', { seconds: 60 }, 400, 'unknown field "seconds"; there is advance'],
    ['POST /clock', [60], 400, 'the body is no object; there is advance'],
    ['POST /clock', {}, 400, 'advance takes a number of seconds from 0 to 3153600000'],
    ['POST /clock', { advance: -1 }, 400, 'advance takes a number of seconds from 0 to 3153600000'],
    ['POST /clock', { advance: '60' }, 400, 'advance takes a number of seconds from 0 to 3153600000'],
  ])('rejects %s with %j', async (endpoint, body, status, message) => {
    const now = server.clock.now()
    const answer = await call(endpoint, body)
    expect(answer.status).toBe(status)
    expect(answer.body.error).toContain(message)
    expect(server.clock.now()).toBe(now)
  })
})

describe('a fault that makes no sense is rejected, with the list of what there is:', () => {
  const faults = Object.keys(FAULTS).join(', ')
  it.each([
    ['a word', 'hang', 'a fault is an object with fault, operation, times, seconds, milliseconds'],
    ['nothing', {}, `missing fault; there are ${faults}`],
    ['an unknown fault', { fault: 'boom' }, `unknown fault "boom"; there are ${faults}`],
    ['an inherited name', { fault: 'toString' }, `unknown fault "toString"; there are ${faults}`],
    [
      'an unknown operation',
      { fault: 'hang', operation: 'open' },
      'unknown operation "open"; there are create, reveal, burn, look, receipt, recent, status, account, other, any',
    ],
    [
      'an unknown field',
      { fault: 'hang', tims: 2 },
      'unknown field "tims"; there are fault, operation, times, seconds, milliseconds',
    ],
    [
      'a field of another fault',
      { fault: 'hang', seconds: 2 },
      'seconds is not for hang, only for answer-429, rate-limit',
    ],
    [
      'a time to be late for a cut',
      { fault: 'cut-after', milliseconds: 2 },
      'milliseconds is not for cut-after, only for late',
    ],
    [
      'a number of times for what lasts',
      { fault: 'store-away', times: 2 },
      'times is not for store-away, only for answer-429, answer-500, answer-503, hang, cut-before, cut-after, late',
    ],
    ['no times', { fault: 'hang', times: 0 }, 'times takes a whole number from 1 to 2147483647 or "always"'],
    [
      'half a second',
      { fault: 'answer-429', seconds: 0.5 },
      'seconds takes a whole number from 1 to 2147483647',
    ],
  ])('%s', async (_name, fault, message) => {
    expect(await call('POST /faults', [{ fault: 'hang' }, fault])).toEqual({
      status: 400,
      body: { error: message },
    })
    expect(() => server.faults.add({ fault: 'hang' }, fault as Fault)).toThrow(message)
    expect(server.faults.list()).toEqual([])
  })
})

describe('a reset', () => {
  it('forgets records, counted requests, emails, journal and faults, and sets the clock', async () => {
    const { body } = await ana().post('/share', { secret: 'x', recipient: 'bo@example.com' })
    const share = () => api(server).post('/share', { secret: 'x' })
    const wrong = () => api(server, basic(ANA.email, 'not-the-token-of-ana')).get('/authcheck')
    const unreadable = () =>
      api(server).call('POST', '/share', { body: '{', headers: { 'content-type': 'application/json' } })
    const limited = async () => [(await share()).status, (await wrong()).status, (await unreadable()).status]
    await share()
    await share()
    await wrong()
    await unreadable()
    expect(await limited()).toEqual([429, 429, 429])
    server.faults.add({ fault: 'store-away' }, { fault: 'answer-500', times: 'always' })
    server.clock.advance(60)

    const began = Date.now()
    expect(await call('POST /reset')).toEqual({ status: 200, body: {} })
    expect(server.clock.now()).toBeGreaterThanOrEqual(began)
    expect(server.clock.now()).toBeLessThanOrEqual(Date.now())
    expect([server.mails, server.requests.list(), server.faults.list()]).toEqual([[], [], []])
    expect(await api(server).post(`/secret/${body.secret_key}`)).toEqual(unknownSecret(body.secret_key))
    expect((await ana().get('/private/recent')).body).toEqual([])
    expect((await share()).status).toBe(200)
    expect((await wrong()).intended).toBe(401)
    expect((await unreadable()).intended).toBe(400)
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
  })

  it('disconnects the requests that are held, so that nothing from before reaches the new store', async () => {
    server.faults.add({ fault: 'hang' })
    const pending = expect(api(server).post('/share', { secret: 'x' })).rejects.toThrow('fetch failed')
    await server.faults.held()
    await Promise.all([server.reset(), server.reset(), pending])
    expect((await ana().post('/share', { secret: 'x' })).status).toBe(200)
  })

  it('is rejected where the data may belong to others', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'emberlink-kept-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const other = await startTestServer({ settings: { DATA_DIR: folder } })
    onTestFinished(() => other.close())
    await expect(other.reset()).rejects.toThrow('a server with REDIS_URL or DATA_DIR is not reset')
  })
})

describe('the journal of requests', () => {
  it('has no key, secret, passphrase or token, whichever way they came, and no health check', async () => {
    const v2 = client(server, 'v2', basic())
    const { body } = await ana().post('/share', { secret: SECRET, passphrase: PASSPHRASE })
    const keys = await v2.conceal({ secret: SECRET, passphrase: PASSPHRASE })
    const visitor = new Visitor(server)
    await visitor.fill('/signin', ANA)
    await visitor.get(`/private/${body.metadata_key}?passphrase=${PASSPHRASE}`)
    await api(server).post(`/secret/${body.secret_key}?passphrase=${PASSPHRASE}`)
    await v2.post(`/secret/${keys.secretKey}/reveal`, { passphrase: PASSPHRASE })
    await fetch(`${server.url}/api/v1/secrets/${keys.secretKey}/${SECRET}`)
    await fetch(`${server.url}/${keys.receiptKey}`)
    await fetch(`${server.url}/health/live`)

    const { requests } = (await call('GET /requests')).body
    expect(requests.map(({ method, path }: Record<string, string>) => `${method} ${path}`)).toEqual([
      'POST /api/v1/share',
      'POST /api/v2/secret/conceal',
      'GET /signin',
      'POST /signin',
      'GET /private/:key',
      'POST /api/v1/secret/:key',
      'POST /api/v2/secret/:secretKey/reveal',
      'GET /api/v1/*/*/*',
      'GET /*',
    ])
    const text = JSON.stringify(requests)
    const known = [...Object.values(keys), body.secret_key, body.metadata_key, SECRET, PASSPHRASE, ANA.token]
    for (const value of [...known, basic().authorization, ...visitor.cookies.values()])
      expect(text).not.toContain(value)
    expect(text).toContain(ANA.email)
  })

  it('keeps whole requests when it was started as full', async () => {
    const full = await startTestServer({ accounts: { [ANA.email]: ANA.token }, journal: 'full' })
    onTestFinished(() => full.close())
    const { body } = await api(full, basic()).post('/share', { secret: SECRET })
    await api(full).post(`/secret/${body.secret_key}`)
    const json = { 'content-type': 'application/json' }
    await api(full, basic('x', 'y')).call('POST', '/share', { body: '{"secret":1}', headers: json })
    expect(full.requests.list().map(({ request }) => request)).toMatchObject([
      { url: '/api/v1/share', headers: basic(), body: `secret=${SECRET}` },
      { url: `/api/v1/secret/${body.secret_key}`, body: '' },
      { url: '/api/v1/share', headers: json, body: '' },
    ])
  })
})

it('docs/testing.md names every endpoint, fault and operation, and no other endpoint or fault', async () => {
  const page = readFileSync(new URL('../../docs/testing.md', import.meta.url), 'utf8')
  const endpoints = (await call('GET /')).body.error.replace(/^.*there are /, '').split(', ')
  const named = [...page.matchAll(/^\|.*?\| `((?:GET|POST|DELETE) \/\w+)`/gm)].map(([, endpoint]) => endpoint)
  expect(named.sort()).toEqual(endpoints.sort())
  const explained = [
    ...page.matchAll(/^\| `([a-z]+(?:-\w+)?)` \| (?:answers|does|closes|processes|until) /gm),
  ]
  expect(explained.map(([, fault]) => fault)).toEqual(Object.keys(FAULTS))
  for (const operation of OPERATIONS) expect(page).toContain(`\`${operation}\``)
})

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startTestServer, type TestServer } from '../../../src/testing.ts'
import { exchange } from '../../support/wire.ts'
import { ANA, type Api, api, basic, rejection } from '../client.ts'

const NOT_AUTHORIZED = rejection(401, 'Not authorized')

let server: TestServer
let anybody: Api
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token, 'bo@example.com': 'token-of-bo-9876543210' },
    settings: { RATE_LIMIT: 'wrong-token=1000/600' },
  })
  anybody = api(server)
})
afterAll(() => server.close())

/** Every endpoint: method, path, and whether it needs an account. */
const ENDPOINTS = [
  ['GET', '/status', false],
  ['GET', '/authcheck', true],
  ['POST', '/share', false],
  ['POST', '/create', false],
  ['POST', '/generate', false],
  ['POST', '/secret/0123456789abcdefghijklmnopqrstu', false],
  ...['/private', '/metadata', '/receipt'].flatMap(
    (prefix) =>
      [
        ['GET', `${prefix}/0123456789abcdefghijklmnopqrstu`, false],
        ['POST', `${prefix}/0123456789abcdefghijklmnopqrstu`, false],
        ['POST', `${prefix}/0123456789abcdefghijklmnopqrstu/burn`, false],
        ['GET', `${prefix}/recent`, true],
        ['POST', `${prefix}/recent`, true],
      ] as const,
  ),
] as const

describe.each(ENDPOINTS)('docs/api/v1.md section 2: %s %s', (method, path, account) => {
  const call = (headers: Record<string, string>) => anybody.call(method, path, { headers })

  it('treats no Authorization, or an empty user with an empty token, as an anonymous caller', async () => {
    const expected = account
      ? expect.objectContaining(NOT_AUTHORIZED)
      : expect.not.objectContaining(NOT_AUTHORIZED)
    expect(await call({})).toEqual(expected)
    expect(await call(basic('', ''))).toEqual(expected)
  })

  it('accepts an account with its token', async () => {
    expect(await call(basic())).not.toEqual(NOT_AUTHORIZED)
  })

  it.each([
    ['an unknown user', basic('nobody@example.com')],
    ['a wrong token', basic(ANA.email, 'token-of-ana-012345678')],
    ['the token of another account', basic('bo@example.com', ANA.token)],
    ['a user without a token', basic(ANA.email, '')],
    ['a token without a user', basic('')],
    ['no colon', { authorization: `Basic ${btoa(ANA.email)}` }],
    ['no base64', { authorization: 'Basic ana@example.com:token' }],
    ['nothing after the scheme', { authorization: 'Basic' }],
    ['the token alone', { authorization: ANA.token }],
    ['another scheme', { authorization: `Bearer ${ANA.token}` }],
    ['credentials that are not UTF-8', { authorization: 'Basic /zr/' }],
    ['a NUL', basic(`${ANA.email}\0`)],
    ['two credentials', { authorization: `${basic('', '').authorization}, ${basic().authorization}` }],
    ['an empty header', { authorization: '' }],
  ])('rejects %s as not authorized', async (_what, headers) => {
    expect(await call(headers)).toEqual(NOT_AUTHORIZED)
  })
})

describe('docs/api/v1.md section 2: credentials', () => {
  it('compares the email address in any case', async () => {
    for (const user of ['ANA@EXAMPLE.COM', 'Ana@Example.com']) {
      const shared = await api(server, basic(user)).post('/share', { secret: 'a' })
      expect(shared.body).toMatchObject({ custid: ANA.email })
    }
  })

  it('compares the scheme in any case', async () => {
    const authorization = basic().authorization.replace('Basic', 'bAsIc')
    expect((await anybody.call('GET', '/authcheck', { headers: { authorization } })).status).toBe(200)
  })

  it('answers an unknown user and a wrong token alike, header by header, without a challenge', async () => {
    const answers = await Promise.all(
      [
        basic('nobody@example.com'),
        basic(ANA.email, 'wrong-token-of-another'),
        { authorization: 'Basic x' },
      ].map(({ authorization }) =>
        exchange(server.url, `GET /api/v1/authcheck HTTP/1.1\nAuthorization: ${authorization}`),
      ),
    )
    for (const { status, headers, text } of answers) {
      expect({ status, text }).toEqual({ status: 404, text: '{"message":"Not authorized"}' })
      expect(Object.keys(headers)).toEqual(Object.keys(answers[0]?.headers ?? {}))
      expect(headers).not.toHaveProperty('www-authenticate')
    }
  })

  it('ignores credentials in the query string', async () => {
    const query = `?user=${encodeURIComponent(ANA.email)}&token=${ANA.token}`
    expect(await anybody.get(`/authcheck${query}`)).toEqual(NOT_AUTHORIZED)
  })
})

describe('docs/api/v1.md section 3 (*): ANONYMOUS_CREATE=off', () => {
  it('lets only accounts create, and everyone with a key reveal, burn and read metadata', async () => {
    const closed = await startTestServer({
      accounts: { [ANA.email]: ANA.token },
      settings: { ANONYMOUS_CREATE: 'off' },
    })
    onTestFinished(() => closed.close())
    const anon = api(closed)
    const ana = api(closed, basic())
    for (const path of ['/share', '/create', '/generate']) {
      expect(await anon.post(path, { secret: 'a' })).toEqual(NOT_AUTHORIZED)
      expect(await api(closed, basic('', '')).post(path, { secret: 'a' })).toEqual(NOT_AUTHORIZED)
      expect((await ana.post(path, { secret: 'a' })).status).toBe(200)
    }
    const [first, second] = [
      (await ana.post('/share', { secret: 'a' })).body,
      (await ana.post('/share', { secret: 'b' })).body,
    ]
    expect((await anon.get(`/private/${first.metadata_key}`)).body).toMatchObject({ custid: ANA.email })
    expect((await anon.post(`/secret/${first.secret_key}`)).body.value).toBe('a')
    expect((await anon.post(`/private/${second.metadata_key}/burn`)).status).toBe(200)
  })
})

describe('ANONYMOUS_CREATE=off with a rate limit', () => {
  it('rejects an anonymous caller as not authorized, whatever is sent and however often', async () => {
    const closed = await startTestServer({ settings: { ANONYMOUS_CREATE: 'off', RATE_LIMIT: 'create=1/60' } })
    onTestFinished(() => closed.close())
    const share = (body: string, type = 'application/json') =>
      api(closed).call('POST', '/share', { body, headers: { 'content-type': type } })
    for (const body of ['{"secret":"x","ttl":[1]}', '{"secret":"x"}', '{', '{"secret":"x"}'])
      expect(await share(body)).toEqual(NOT_AUTHORIZED)
  })
})

describe('F7: anonymous callers are no account', () => {
  it('gives an anonymous caller no recent list, and an account only its own', async () => {
    const bo = api(server, basic('bo@example.com', 'token-of-bo-9876543210'))
    const { body } = await api(server, basic()).post('/share', { secret: 'a' })
    await anybody.post('/share', { secret: 'b' })
    expect(await anybody.get('/private/recent')).toEqual(NOT_AUTHORIZED)
    expect((await bo.get('/private/recent')).body).toEqual([])
    expect(JSON.stringify((await api(server, basic()).get('/private/recent')).body)).toContain(
      body.metadata_key,
    )
  })
})

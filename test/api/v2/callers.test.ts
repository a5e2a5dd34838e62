import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { urNameOf } from '../../../src/accounts/ur-name.ts'
import { startTestServer, type TestServer } from '../../../src/testing.ts'
import { ANA, basic } from '../client.ts'
import { client, error, NOBODY, type Version } from './client.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ accounts: { [ANA.email]: ANA.token }, settings: { RATE_LIMIT: 'off' } })
})
afterAll(() => server.close())

const MISSING = '[AUTH_HEADER_MISSING] No authorization header'
const INVALID = '[CREDENTIALS_INVALID] Invalid credentials'
const REJECTED = [
  [basic(ANA.email, 'wrong').authorization, INVALID],
  [basic('nobody@example.com', ANA.token).authorization, INVALID],
  [basic(ANA.email, '').authorization, INVALID],
  [basic('', ANA.token).authorization, INVALID],
  ['Basic !', '[CREDENTIALS_FORMAT_INVALID] Invalid credentials format'],
  [`Basic ${btoa('no colon')}`, '[CREDENTIALS_FORMAT_INVALID] Invalid credentials format'],
  [`Bearer ${ANA.token}`, '[AUTH_TYPE_INVALID] Invalid authorization type'],
  ['Basic', '[AUTH_TYPE_INVALID] Invalid authorization type'],
] as const

const secret = { secret: { secret: 'a' } }

describe.each<Version>(['v2', 'v3'])('docs/api/v2.md section 2: the callers of %s', (version) => {
  const unauthorized = (message: string) => ({
    error: 'Authentication Required',
    message,
    timestamp: Math.floor(server.clock.now() / 1000),
    request_id: expect.any(String),
  })

  it.each(REJECTED)('with %s are rejected on every ordinary path', async (authorization, message) => {
    const rejected = client(server, version, { authorization })
    for (const [method, path] of [
      ['GET', '/status'],
      ['GET', '/version'],
      ['GET', '/supported-locales'],
      ['POST', '/secret/conceal'],
      ['POST', '/secret/generate'],
      ['GET', `/secret/${NOBODY}`],
      ['POST', `/secret/${NOBODY}/reveal`],
      ['GET', `/receipt/${NOBODY}`],
      ['POST', `/receipt/${NOBODY}/burn`],
      ['GET', '/receipt/recent'],
    ] as const) {
      const answer = await rejected.call(method, path)
      expect(answer, path).toMatchObject({ status: 401 })
      expect(answer.body, path).toEqual(unauthorized(message))
      expect(answer.headers.get('www-authenticate')).toBeNull()
    }
  })

  it.each([...REJECTED.map(([authorization]) => authorization), basic().authorization])(
    'with %s are anonymous on guest paths',
    async (authorization) => {
      const guest = client(server, version, { authorization })
      const { body, status } = await guest.post('/guest/secret/conceal', secret)
      expect(status).toBe(200)
      expect(body.record.receipt.custid ?? null).toBeNull()
      const { receipt } = body.record
      expect((await guest.get(`/guest/secret/${receipt.secret_identifier}`)).status).toBe(200)
      expect((await guest.get(`/guest/receipt/${receipt.identifier}`)).status).toBe(200)
      const burned = await guest.post(`/guest/receipt/${receipt.identifier}/burn`, { continue: true })
      expect(burned.body.success).toBe(true)
      const generated = await guest.post('/guest/secret/generate')
      const { identifier } = generated.body.record.secret
      expect((await guest.post(`/guest/secret/${identifier}/reveal`, { continue: true })).status).toBe(200)
    },
  )

  it('get a status with invalid credentials in v3 only', async () => {
    const rejected = client(server, version, { authorization: 'Basic !' })
    const expected = version === 'v3' ? 200 : 401
    expect((await rejected.get(`/secret/${NOBODY}/status`)).status).toBe(expected)
    expect((await rejected.post('/secret/status')).status).toBe(expected)
  })

  it('with neither user nor token are anonymous', async () => {
    const anonymous = client(server, version, basic('', ''))
    expect((await anonymous.post('/secret/conceal', secret)).status).toBe(200)
    const recent = await anonymous.get('/receipt/recent')
    expect(recent).toMatchObject({ status: 401 })
    expect(recent.body).toEqual(unauthorized(INVALID))
  })

  it('need an account for the recent list', async () => {
    const answer = await client(server, version).get('/receipt/recent')
    expect(answer).toMatchObject({ status: 401 })
    expect(answer.body).toEqual(unauthorized(MISSING))
  })

  it('are known by their ur name, and by their email address in any case', async () => {
    const named = await client(server, version, basic(urNameOf(ANA.email))).get('/receipt/recent')
    expect(named).toMatchObject({ status: 200, body: { custid: ANA.email } })
    const answer = await client(server, version, basic('ANA@Example.com')).get('/receipt/recent')
    expect(answer).toMatchObject({ status: 200, body: { custid: ANA.email } })
  })
})

describe.each<Version>(['v2', 'v3'])(
  'docs/api/v2.md section 5: %s where only accounts may create',
  (version) => {
    it('rejects anonymous callers with 403 and the code of the path, and serves them otherwise', async () => {
      const closed = await startTestServer({
        accounts: { [ANA.email]: ANA.token },
        settings: { ANONYMOUS_CREATE: 'off' },
      })
      const anonymous = client(closed, version)
      for (const [path, what] of [
        ['/secret/conceal', 'conceal'],
        ['/guest/secret/conceal', 'conceal'],
        ['/secret/generate', 'generate'],
        ['/guest/secret/generate', 'generate'],
      ] as const) {
        const answer = await anonymous.post(path, secret, path.startsWith('/guest') ? basic() : {})
        expect(answer, path).toMatchObject({ status: 403 })
        expect(answer.body, path).toEqual(
          error(`Guest ${what} is disabled`, 'GuestRoutesDisabled', {
            code: `GUEST_${what.toUpperCase()}_DISABLED`,
          }),
        )
      }
      const { secretKey, receiptKey } = await client(closed, version, basic()).conceal()
      expect((await anonymous.get(`/receipt/${receiptKey}`)).status).toBe(200)
      const revealed = await anonymous.post(`/secret/${secretKey}/reveal`, { continue: true })
      expect(revealed.body.record.secret_value).toBe('hunter2')
      await closed.close()
    })
  },
)

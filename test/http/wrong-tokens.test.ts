import { describe, expect, it, onTestFinished } from 'vitest'
import { DEFAULT_RATE_LIMITS } from '../../src/config/rate-limits.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, api, basic, failure, rejection } from '../api/client.ts'
import { Visitor } from '../web/visitor.ts'

const NOT_AUTHORIZED = rejection(401, 'Not authorized')
const LIMITED = {
  ...failure(429, 'Apologies dear citizen! You have been rate limited.'),
  retryAfter: 600,
}
const BO = { email: 'bo@example.com', token: 'token-of-bo-9876543210' }

async function start(
  settings: Record<string, string> = { RATE_LIMIT: 'wrong-token=3/600' },
): Promise<TestServer> {
  const server = await startTestServer({
    accounts: { [ANA.email]: ANA.token, [BO.email]: BO.token },
    settings: { TRUST_PROXY: '1', RATE_LIMIT: DEFAULT_RATE_LIMITS, ...settings },
  })
  onTestFinished(() => server.close())
  return server
}

/** Makes a function that checks credentials from a client address. */
function from(server: TestServer, address: string) {
  return (user: string, token: string) =>
    api(server, { ...basic(user, token), 'x-forwarded-for': address }).get('/authcheck')
}

describe('docs/api/v1.md section 2: wrong API tokens', () => {
  it('are rejected after 100 in 20 minutes by default, so 200 in a row are not all looked up', async () => {
    const check = from(await start({}), '192.0.2.1')
    const statuses = []
    for (let i = 0; i < 200; i += 1) statuses.push((await check(ANA.email, `wrong-${i}`)).status)
    expect(statuses).toEqual([...Array(100).fill(404), ...Array(100).fill(429)])
  })

  it('count together whatever is wrong: the token, the account, or the header', async () => {
    const server = await start()
    const check = from(server, '192.0.2.1')
    expect(await check(ANA.email, 'wrong')).toEqual(NOT_AUTHORIZED)
    expect(await check('nobody@example.com', ANA.token)).toEqual(NOT_AUTHORIZED)
    const malformed = { authorization: 'Bearer x', 'x-forwarded-for': '192.0.2.1' }
    expect(await api(server, malformed).get('/status')).toEqual(NOT_AUTHORIZED)
    expect(await api(server, malformed).get('/status')).toEqual(LIMITED)
    expect(await check(ANA.email, 'wrong')).toEqual(LIMITED)
    server.clock.advance(600)
    expect(await check(ANA.email, 'wrong')).toEqual(NOT_AUTHORIZED)
  })

  it('count on the sign-in page too', async () => {
    const server = await start()
    const visitor = new Visitor(server)
    for (const status of [401, 401, 401, 429]) {
      expect((await visitor.fill('/signin', { email: ANA.email, token: 'wrong' })).status).toBe(status)
    }
  })

  it('that come at once are limited exactly', async () => {
    const check = from(await start(), '192.0.2.1')
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => check(ANA.email, `wrong-${i}`)))
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(3)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(17)
  })

  it('are all that counts: no right token, and no caller without credentials', async () => {
    const server = await start()
    const check = from(server, '192.0.2.1')
    const right = await Promise.all(Array.from({ length: 20 }, () => check(ANA.email, ANA.token)))
    expect(new Set(right.map(({ status }) => status))).toEqual(new Set([200]))
    const anonymous = api(server, { ...basic('', ''), 'x-forwarded-for': '192.0.2.1' })
    for (let i = 0; i < 5; i += 1) expect((await anonymous.get('/status')).status).toBe(200)
  })

  it('lock out no account holder on another network, and no anonymous caller', async () => {
    const server = await start()
    const attacker = from(server, '192.0.2.1')
    for (let i = 0; i < 4; i += 1) await attacker(ANA.email, 'wrong')
    expect((await from(server, '192.0.2.2')(ANA.email, ANA.token)).status).toBe(200)
    const anonymous = api(server, { 'x-forwarded-for': '192.0.2.1' })
    expect((await anonymous.post('/share', { secret: 'a' })).status).toBe(200)
  })

  it('beyond the limit let no right token through but that of an account that has authenticated from there', async () => {
    const server = await start()
    const check = from(server, '192.0.2.1')
    expect((await check(BO.email, BO.token)).status).toBe(200)
    for (let i = 0; i < 4; i += 1) await check(ANA.email, 'wrong')
    expect(await check(ANA.email, ANA.token)).toEqual(LIMITED)
    expect((await check('BO@example.com', BO.token)).status).toBe(200)
    for (let i = 0; i < 3; i += 1) expect(await check(BO.email, 'wrong')).toEqual(NOT_AUTHORIZED)
    expect(await check(BO.email, BO.token)).toEqual(LIMITED)
  })

  it('are counted for the /48 of an IPv6 address', async () => {
    const server = await start()
    for (let i = 0; i < 3; i += 1) await from(server, `2001:db8:1:${i}::1`)(ANA.email, 'wrong')
    expect(await from(server, '2001:db8:1:9::1')(ANA.email, 'wrong')).toEqual(LIMITED)
    expect(await from(server, '2001:db8:2::1')(ANA.email, 'wrong')).toEqual(NOT_AUTHORIZED)
  })

  it('are not limited when RATE_LIMIT is off', async () => {
    const check = from(await start({ RATE_LIMIT: 'off' }), '192.0.2.1')
    for (let i = 0; i < 110; i += 1) expect((await check(ANA.email, 'wrong')).status).toBe(404)
  })
})

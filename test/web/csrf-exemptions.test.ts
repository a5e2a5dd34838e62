import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, api } from '../api/client.ts'
import { Visitor } from './visitor.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ accounts: { [ANA.email]: ANA.token } })
})
afterAll(() => server.close())

describe('F12: exemptions from the CSRF check', () => {
  it.each([
    '/api/v1/../secret/KEY',
    '/api/v1/%2e%2e/secret/KEY',
    '/api/v1/secret/KEY/../../../../secret/KEY',
    '/health/../secret/KEY',
    '//secret/KEY',
    '/secret//KEY',
    '/secret/KEY/',
  ])('POST %s reveals nothing without a CSRF token', async (spelling) => {
    const { body } = await api(server).post('/share', { secret: 'still here' })
    const visitor = new Visitor(server)
    expect([403, 404]).toContain((await visitor.post(spelling.replaceAll('KEY', body.secret_key))).status)
    expect((await visitor.fill(`/secret/${body.secret_key}`)).text).toContain('still here')
  })

  it('only the form that reveals a secret is accepted without a CSRF token, and only from this site', async () => {
    const ana = new Visitor(server)
    await ana.fill('/signin', ANA)
    const { body } = await api(server).post('/share', { secret: 'still here' })
    const receipt = `/private/${body.metadata_key}`
    const own = { 'Sec-Fetch-Site': 'same-origin', Origin: server.url }
    const forms = ['/', '/signin', '/signout', `${receipt}/burn`, `${receipt}/attempts`, `${receipt}/memo`]
    for (const action of forms)
      expect((await ana.post(action, { secret: 'x' }, own)).status, action).toBe(403)
    for (const headers of [
      {},
      { 'Sec-Fetch-Site': 'cross-site' },
      { ...own, Origin: 'http://evil.example' },
    ]) {
      expect((await ana.post(`/secret/${body.secret_key}`, {}, headers)).status).toBe(403)
    }
    expect((await ana.post(`/secret/${body.secret_key}`, {}, own)).text).toContain('still here')
  })

  it('the API, which has no CSRF check, does not accept the session of the pages', async () => {
    const visitor = new Visitor(server)
    expect((await visitor.fill('/signin', ANA)).status).toBe(303)
    expect((await visitor.get('/api/v1/authcheck')).text).toContain('Not authorized')
    expect((await visitor.post('/api/v1/share', { secret: 'x' })).text).toContain('"custid":"anon"')
  })
})

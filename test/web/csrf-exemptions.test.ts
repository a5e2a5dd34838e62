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

  it('the API, which has no CSRF check, does not accept the session of the pages', async () => {
    const visitor = new Visitor(server)
    expect((await visitor.fill('/signin', ANA)).status).toBe(303)
    expect((await visitor.get('/api/v1/authcheck')).text).toContain('Not authorized')
    expect((await visitor.post('/api/v1/share', { secret: 'x' })).text).toContain('"custid":"anon"')
  })
})

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
    (path: string) => `/api/v1/..${path}`,
    (path: string) => `/api/v1/%2e%2e${path}`,
    (path: string) => `/api/v1${path}/..${path}`,
    (path: string) => `/health/..${path}`,
    (path: string) => `/${path}`,
    (path: string) => `${path}/`,
    (path: string) => path.replace('/secret/', '/secret//'),
  ])('no spelling of the path reveals a secret without a CSRF token: %o', async (spell) => {
    const { body } = await api(server).post('/share', { secret: 'still here' })
    const path = `/secret/${body.secret_key}`
    const visitor = new Visitor(server)
    expect([403, 404]).toContain((await visitor.post(spell(path))).status)
    expect((await visitor.fill(path)).text).toContain('still here')
  })

  it('the API, which has no CSRF check, does not accept the session of the pages', async () => {
    const visitor = new Visitor(server)
    expect((await visitor.fill('/signin', ANA)).status).toBe(303)
    expect((await visitor.get('/api/v1/authcheck')).text).toContain('Not authorized')
    expect((await visitor.post('/api/v1/share', { secret: 'x' })).text).toContain('"custid":"anon"')
  })
})

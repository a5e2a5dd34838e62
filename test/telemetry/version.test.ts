import { expect, it } from 'vitest'
import { startTestServer } from '../../src/testing.ts'
import { VERSION } from '../../src/version.ts'

it.each([
  '/',
  '/account',
  '/api',
  '/api/v1/openapi.json',
  '/api/v1/status',
  '/api/v1/authcheck',
  '/health/live',
  '/health/ready',
  '/no/such/page',
])('the version of the server is not shown to clients at %s', async (path) => {
  const server = await startTestServer()
  const response = await fetch(server.url + path)
  expect(await response.text()).not.toContain(VERSION)
  for (const [name, value] of response.headers) {
    expect(name).not.toMatch(/^(server|x-powered-by)$/)
    expect(value).not.toContain(VERSION)
  }
  await server.close()
})

import { describe, expect, it } from 'vitest'
import { describeApi } from '../../../scripts/openapi.mjs'
import { v1Routes } from '../../../src/api/v1/routes.ts'
import { caller } from '../../../src/http/caller.ts'
import { credentials } from '../../../src/http/credentials.ts'
import { openApi } from '../../../src/http/openapi.ts'
import { startTestServer } from '../../../src/testing.ts'
import { api } from '../client.ts'

describe('the OpenAPI document', () => {
  it('is up to date with the routes (run npm run docs)', async () => {
    expect(openApi).toEqual(JSON.parse(JSON.stringify(await describeApi([caller, credentials, v1Routes]))))
  })

  it('names every endpoint, each operation once', () => {
    const operations = Object.entries(openApi.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => ({
        call: `${method} ${path}`,
        operationId,
      })),
    )
    expect(operations.map(({ call }) => call).sort()).toEqual([
      'get /authcheck',
      'get /private/recent',
      'get /private/{key}',
      'get /receipt/recent',
      'get /receipt/{key}',
      'get /status',
      'post /create',
      'post /generate',
      'post /private/recent',
      'post /private/{key}',
      'post /private/{key}/burn',
      'post /receipt/recent',
      'post /receipt/{key}',
      'post /receipt/{key}/burn',
      'post /secret/{key}',
      'post /share',
      'post /status',
    ])
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
  })

  it('says that every client error is a 404 (docs/api/v1.md section 5)', () => {
    for (const methods of Object.values(openApi.paths)) {
      for (const { responses } of Object.values(methods)) {
        expect(Object.keys(responses).filter((status) => status.startsWith('4') && status !== '429')).toEqual(
          ['404'],
        )
      }
    }
    expect(openApi.components.responses['Rejected']?.description).toContain('X-OTS-Intended-Status')
  })

  it('is served to every caller, below a base path too', async () => {
    const server = await startTestServer({ settings: { PUBLIC_URL: 'https://example.com/ots' } })
    for (const path of ['/api/v1/openapi.json', '/ots/api/v1/openapi.json']) {
      const response = await fetch(server.url + path)
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(await response.json()).toEqual(openApi)
    }
    await server.close()
  })
})

describe('the page at /api', () => {
  it('says what the document says, with the addresses below the base path', async () => {
    const server = await startTestServer({ settings: { PUBLIC_URL: 'https://example.com/ots' } })
    const response = await fetch(`${server.url}/api`, { headers: { 'accept-language': 'it' } })
    const page = await response.text()
    expect(response.status).toBe(200)
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page).toContain('<html lang="it"')
    expect(page).toContain('POST /ots/api/v1/secret/{key}')
    expect(page).toContain('href="/ots/api/v1/openapi.json"')
    for (const methods of Object.values(openApi.paths)) {
      for (const { summary } of Object.values(methods)) expect(page).toContain(summary)
    }
    expect(page).not.toMatch(/<script(?! src)|<style| style=|undefined|\[object/)
    expect((await api(server).get('/status')).status).toBe(200)
    await server.close()
  })

  it('is at most 30 kB with everything that it loads', async () => {
    const server = await startTestServer()
    const page = await (await fetch(`${server.url}/api`)).text()
    const loaded = [...page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path as string)
    const sizes = await Promise.all(
      [...new Set(loaded)].map(async (path) => {
        const response = await fetch(server.url + path, { headers: { 'accept-encoding': 'br' } })
        await response.arrayBuffer()
        return Number(response.headers.get('content-length'))
      }),
    )
    expect(sizes.length).toBeGreaterThan(2)
    const total = sizes.reduce((sum, size) => sum + size, Buffer.byteLength(page))
    expect(total).toBeLessThanOrEqual(30_000)
    await server.close()
  })
})

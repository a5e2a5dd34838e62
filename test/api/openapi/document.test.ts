import { describe, expect, it } from 'vitest'
import { describeApi } from '../../../scripts/openapi.mjs'
import { v1Routes } from '../../../src/api/v1/routes.ts'
import { v2Routes } from '../../../src/api/v2/routes.ts'
import { caller } from '../../../src/http/caller.ts'
import { credentials } from '../../../src/http/credentials.ts'
import { API_VERSIONS, type ApiVersion, openApi } from '../../../src/http/openapi.ts'
import { startTestServer } from '../../../src/testing.ts'
import { Visitor } from '../../web/visitor.ts'
import { api } from '../client.ts'

function operationsOf(version: ApiVersion) {
  return Object.entries(openApi[version].paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, security }]) => ({
      call: `${method} ${path}`,
      operationId,
      security,
    })),
  )
}

describe('the OpenAPI document', () => {
  it('is up to date with the routes (run npm run docs)', async () => {
    for (const [version, routes] of [
      ['v1', v1Routes],
      ['v2', v2Routes],
      ['v3', v2Routes],
    ] as const) {
      const described = await describeApi(version, [caller, credentials, routes])
      expect(openApi[version]).toEqual(JSON.parse(JSON.stringify(described)))
    }
  })

  it('names every endpoint, each operation once', () => {
    const operations = operationsOf('v1')
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

  it.each(['v2', 'v3'] as const)('of %s promises no 401 where credentials are ignored', (version) => {
    const ignoring = Object.entries(openApi[version].paths).flatMap(([path, methods]) =>
      Object.values(methods)
        .filter(({ security }) => security.length === 0)
        .map(({ responses }) => [path, '401' in responses]),
    )
    // Creating with a recipient requires an account.
    const accountRequired = /^\/guest\/secret\/(conceal|generate)$/
    expect(ignoring).toEqual(ignoring.map(([path]) => [path, accountRequired.test(String(path))]))
    expect(ignoring).not.toEqual([])
  })

  it.each(['v2', 'v3'] as const)('of %s names every endpoint, each operation once', (version) => {
    const operations = operationsOf(version)
    const secrets = [
      'get /secret/{secretKey}',
      'post /secret/conceal',
      'post /secret/generate',
      'post /secret/{secretKey}/reveal',
    ]
    const receipts = ['get /receipt/{receiptKey}', 'post /receipt/{receiptKey}/burn']
    const guest = [...secrets, ...receipts].map((call) => call.replace(' ', ' /guest'))
    expect(operations.map(({ call }) => call).sort()).toEqual(
      [
        ...secrets,
        ...receipts,
        ...guest,
        'get /receipt/recent',
        'patch /receipt/{receiptKey}',
        'get /secret/{secretKey}/status',
        'post /secret/status',
        'get /status',
        'get /supported-locales',
        'get /version',
        ...(version === 'v3' ? ['post /guest/receipts'] : []),
      ].sort(),
    )
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
  })

  it.each(['v2', 'v3'] as const)(
    'of %s says which operations need an account, and which ignore it',
    (version) => {
      const schemesOf = (security: readonly object[]) => security.flatMap((scheme) => Object.keys(scheme))
      for (const { call, security } of operationsOf(version)) {
        const isAnonymous =
          call.includes('/guest/') || (version === 'v3' && /\/status$/.test(call) && call.includes('secret'))
        const isForAccounts = call.startsWith('patch') || call.endsWith('/recent')
        expect(schemesOf(security), call).toEqual(isAnonymous ? [] : ['account'])
        expect(security.length, call).toBe(isAnonymous ? 0 : isForAccounts ? 1 : 2)
      }
    },
  )

  it.each(['v1', 'v2', 'v3'] as const)(
    'of %s has a description of each record once, and refers to it',
    (version) => {
      const { schemas } = openApi[version].components
      const names = Object.keys(schemas).filter((name) => !name.endsWith('Request'))
      const text = JSON.stringify(openApi[version])
      expect(names.length).toBeGreaterThan(3)
      for (const name of names) expect(text).toContain(`"$ref":"#/components/schemas/${name}"`)
      expect(text).not.toContain('"title":"SecretRecord"')
    },
  )

  it('says that every client error of v1 is a 404 (docs/api/v1.md section 5)', () => {
    for (const methods of Object.values(openApi.v1.paths)) {
      for (const { responses } of Object.values(methods)) {
        expect(Object.keys(responses).filter((status) => status.startsWith('4') && status !== '429')).toEqual(
          ['404'],
        )
      }
    }
    expect(openApi.v1.components.responses['Rejected']?.description).toContain('X-OTS-Intended-Status')
  })

  it('is served to every caller, below a base path too', async () => {
    const server = await startTestServer({ settings: { PUBLIC_URL: 'https://example.com/ots' } })
    for (const version of API_VERSIONS) {
      for (const path of [`/api/${version}/openapi.json`, `/ots/api/${version}/openapi.json`]) {
        const response = await fetch(server.url + path)
        expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
        expect(await response.json()).toEqual(openApi[version])
      }
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
    for (const methods of Object.values(openApi.v1.paths)) {
      for (const { summary } of Object.values(methods)) expect(page).toContain(summary)
    }
    expect(page).not.toMatch(/<script(?! src)|<style| style=|undefined|\[object/)
    expect((await api(server).get('/status')).status).toBe(200)
    await server.close()
  })

  it.each(['v2', 'v3'] as const)('says of %s what its document says', async (version) => {
    const server = await startTestServer({
      settings: {
        PUBLIC_URL: 'https://example.com/ots',
        TTL_MAX_ANONYMOUS: '86400',
        TTL_DEFAULT: '3600',
        SECRET_MAX_BYTES: '5000',
      },
    })
    const page = await (await fetch(`${server.url}/api?version=${version}`)).text()
    expect(page).toContain(`href="/ots/api/${version}/openapi.json"`)
    for (const { call } of operationsOf(version)) {
      const [method = '', path = ''] = call.split(' ')
      expect(page).toContain(`${method.toUpperCase()} /ots/api/${version}${path}<`)
    }
    for (const { summary } of Object.values(openApi[version].paths).flatMap((methods) =>
      Object.values(methods),
    )) {
      expect(page).toContain(`<h2>${summary}</h2>`)
    }
    for (const [name, { properties = {} }] of Object.entries(openApi[version].components.schemas)) {
      if (name.endsWith('Request')) continue
      expect(page).toContain(`id="${name}"`)
      for (const field of Object.keys(properties)) expect(page).toContain(`<code>${field}</code>`)
    }
    expect(page).toContain('60 to 86400, for an account 2592000; default 3600')
    expect(page).toContain('At most 5000 bytes')
    expect(page).toContain('4 to 128, default 12')
    expect(page).toContain(
      'curl --json &#39;{&quot;secret&quot;:{&quot;secret&quot;:&quot;hunter2&quot;,&quot;ttl&quot;:3600}}&#39; https://example.com/ots/api',
    )
    expect(page).toContain(`curl -u EMAIL:TOKEN https://example.com/ots/api/${version}/receipt/recent`)
    expect(page).not.toMatch(/<script(?! src)|<style| style=|undefined|\[object/)
    await server.close()
  })

  it('names the maximum size of a secret for anonymous callers, where they have one of their own', async () => {
    const settings = { SECRET_MAX_BYTES: '5000', SECRET_MAX_BYTES_ANONYMOUS: '900' }
    const server = await startTestServer({ settings })
    const page = await (await fetch(`${server.url}/api`)).text()
    expect(page).toContain('Here: At most 900 bytes of UTF-8, for an account 5000.')
    await server.close()
  })

  it('links from each version to the others, and every page links to it', async () => {
    const server = await startTestServer()
    for (const version of ['v1', 'v2', 'v3', 'v9']) {
      const page = await (await fetch(`${server.url}/api?version=${version}`)).text()
      const linked = [...page.matchAll(/href="\/api\?version=(v\d)"/g)].map(([, each]) => each)
      expect(linked).toEqual(
        ['v1', 'v2', 'v3'].filter((each) => each !== version && !(version === 'v9' && each === 'v1')),
      )
    }
    for (const path of ['/', '/signin', '/nothing']) {
      expect(await (await fetch(server.url + path)).text()).toContain('<a href="/api">API</a>')
    }
    await server.close()
  })

  it.each(API_VERSIONS)(
    'is at most 15 kB on the wire for %s, with everything that it loads',
    async (version) => {
      const server = await startTestServer()
      const visitor = new Visitor(server, { 'Accept-Encoding': 'gzip, br', 'Sec-Fetch-Site': 'same-origin' })
      const page = await visitor.get(`/api?version=${version}`)
      const loaded = [...page.text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(
        ([, path]) => path as string,
      )
      const sizes = await Promise.all(
        [...new Set(loaded)].map(async (path) => (await visitor.get(path)).size),
      )
      expect(sizes.length).toBeGreaterThan(2)
      const total = sizes.reduce((sum, size) => sum + size, page.size)
      expect(total).toBeLessThanOrEqual(15_000)
      await server.close()
    },
  )
})

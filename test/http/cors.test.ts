import { describe, expect, it, onTestFinished } from 'vitest'
import { DEFAULT_RATE_LIMITS } from '../../src/config/rate-limits.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, api, basic } from '../api/client.ts'
import { collectRoutes } from '../support/routes.ts'

const APP = 'https://app.example.com'
const OTHER = 'https://other.example.com'
const UNKNOWN = 'x'.repeat(31)

const CREATE = [
  '/api/v1/share',
  '/api/v2/secret/conceal',
  '/api/v2/guest/secret/conceal',
  '/api/v3/secret/conceal',
]

async function start(settings: Record<string, string> = { CORS_ORIGINS: APP }): Promise<TestServer> {
  const server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { RATE_LIMIT: DEFAULT_RATE_LIMITS, ...settings },
  })
  onTestFinished(() => server.close())
  return server
}

/** Sends what a browser sends before a request with an API token from a page of an origin. */
function preflight({ url }: TestServer, path: string, origin = APP, more: Record<string, string> = {}) {
  return fetch(url + path, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,x-onetime-client',
      ...more,
    },
  })
}

function send({ url }: TestServer, path: string, init: RequestInit = {}, origin = APP) {
  return fetch(url + path, { ...init, headers: { origin, ...(init.headers as Record<string, string>) } })
}

const allowed = ({ headers }: Response) => headers.get('access-control-allow-origin')
const named = ({ headers }: Response) =>
  [...headers.keys()].filter((name) => name.startsWith('access-control'))
const listOf = ({ headers }: Response, name: string) => headers.get(name)?.split(', ') ?? []

describe('CORS_ORIGINS', () => {
  it('is off by default: no response allows an origin, and v1 has no OPTIONS', async () => {
    const server = await start({})
    for (const path of ['/api/v1/status', '/api/v2/status', '/api/v3/status', '/api/v2/nothing', '/']) {
      const response = await send(server, path)
      expect(named(response), path).toEqual([])
      expect(response.headers.get('vary') ?? '').not.toContain('Origin')
    }
    const answers = await Promise.all(CREATE.map((path) => preflight(server, path)))
    expect(answers.flatMap(named)).toEqual([])
    expect(answers[0]?.status).toBe(404)
  })

  it.each([...CREATE, `/api/v1/secret/${UNKNOWN}`, `/api/v3/receipt/${UNKNOWN}`, '/api/v2/nothing'])(
    'answers the preflight of a listed origin for %s with what clients send',
    async (path) => {
      const response = await preflight(await start(), path)
      expect(response.status).toBe(204)
      expect(await response.text()).toBe('')
      expect(allowed(response)).toBe(APP)
      expect(listOf(response, 'access-control-allow-methods')).toEqual(
        expect.arrayContaining(['GET', 'POST', 'PATCH']),
      )
      expect(listOf(response, 'access-control-allow-headers')).toEqual(
        expect.arrayContaining(['Authorization', 'Content-Type', 'X-Onetime-Client']),
      )
      expect(Number(response.headers.get('access-control-max-age'))).toBeGreaterThan(0)
      expect(response.headers.get('vary')).toContain('Origin')
      expect(response.headers.has('access-control-allow-credentials')).toBe(false)
    },
  )

  it.each([
    OTHER,
    'null',
    'http://app.example.com',
    `${APP}:8443`,
    'https://app.example.com.evil.example',
    '',
  ])('allows nothing to the origin %j, which is not listed', async (origin) => {
    const server = await start()
    for (const path of [...CREATE, '/api/v1/status']) {
      for (const response of [await preflight(server, path, origin), await send(server, path, {}, origin)]) {
        expect(named(response)).toEqual([])
        expect(response.headers.get('vary')).toContain('Origin')
      }
    }
  })

  it('lets a listed origin read every error and its headers, in every version', async () => {
    const server = await start({ CORS_ORIGINS: `${OTHER},${APP}`, RATE_LIMIT: 'create=1/600' })
    const statuses: [path: string, status: number, init: RequestInit][] = [
      ['/api/v1/authcheck', 404, {}],
      ['/api/v1/nothing', 404, {}],
      [`/api/v1/secret/${UNKNOWN}`, 404, { method: 'POST' }],
      ['/api/v2/receipt/recent', 401, {}],
      ['/api/v2/secret/conceal', 401, { method: 'POST', headers: basic('nobody', 'wrong') }],
      ['/api/v2/secret/conceal', 422, { method: 'POST' }],
      ['/api/v3/nothing', 404, {}],
      ['/api/v9/nothing', 404, {}],
      ['/api/v1/share?secret=x', 429, { method: 'POST' }],
      ['/api/v2/secret/conceal', 429, { method: 'POST' }],
      ['/api/v3/guest/secret/conceal', 429, { method: 'POST' }],
    ]
    for (const [path, status, init] of statuses) {
      const response = await send(server, path, init)
      expect([path, response.status, allowed(response)]).toEqual([path, status, APP])
      const exposed = listOf(response, 'access-control-expose-headers')
      expect(exposed).toEqual(
        expect.arrayContaining(['Retry-After', 'X-OTS-Intended-Status', 'X-Request-Id']),
      )
      expect(response.headers.has('access-control-allow-credentials')).toBe(false)
    }
  })

  it.each([
    ['an internal error', 500, false],
    ['the 503 of a server that is shutting down', 503, true],
  ])('lets a listed origin read %s', async (_what, status, stopping) => {
    const { app } = await collectRoutes({ corsOrigins: [APP], stopping: () => stopping })
    onTestFinished(() => app.close())
    const response = await app.inject({ url: `/api/v1/private/${UNKNOWN}`, headers: { origin: APP } })
    expect([response.statusCode, response.headers['access-control-allow-origin']]).toEqual([status, APP])
  })

  it('F46: changes and counts nothing by a preflight, whatever credentials it carries', async () => {
    const server = await start({
      CORS_ORIGINS: APP,
      RATE_LIMIT: 'create=2/600,reveal=1/600,receipt=1/600,account-receipt=1/600,wrong-token=1/600',
    })
    const caller = api(server)
    const { body } = await caller.post('/share', { secret: 'kept' })
    for (const path of [
      ...CREATE,
      `/api/v1/secret/${body.secret_key}?continue=true`,
      `/api/v2/secret/${body.secret_key}/reveal?continue=true`,
      `/api/v1/private/${body.metadata_key}/burn`,
      `/api/v3/receipt/${body.metadata_key}/burn?continue=true`,
      `/api/v1/private/${body.metadata_key}`,
    ]) {
      for (const more of [{}, basic('nobody', 'wrong'), { authorization: 'nonsense' }]) {
        expect((await preflight(server, path, APP, more)).status).toBe(204)
      }
    }
    expect((await caller.post('/share', { secret: 'second' })).status).toBe(200)
    expect((await caller.get(`/private/${body.metadata_key}`)).body['state']).toBe('new')
    expect((await caller.post(`/secret/${body.secret_key}`)).body.value).toBe('kept')
    const recent = await api(server, basic()).get('/private/recent')
    expect(recent.status).toBe(200)
    expect(recent.body).toEqual([])
  })

  it.each([
    ['an unreadable body', 'application/json', 400],
    ['an encoded body', 'gzip', 415],
  ])('rejects a preflight with %s in JSON, in every version', async (_what, type, status) => {
    const server = await start()
    const encoding = type === 'gzip' ? { 'content-encoding': type } : { 'content-type': type }
    for (const version of ['v1', 'v2', 'v3', 'v9']) {
      const init = { method: 'OPTIONS', body: '{', headers: encoding }
      const response = await send(server, `/api/${version}/receipt/${UNKNOWN}`, init)
      expect(response.status, version).toBe(status)
      expect(response.headers.get('content-type'), version).toContain('application/json')
      expect(await response.json()).toMatchObject({ error_type: 'FormError' })
    }
  })

  it('allows every origin with *, still without credentials', async () => {
    const server = await start({ CORS_ORIGINS: '*' })
    for (const origin of [APP, OTHER, 'null']) {
      for (const response of [
        await preflight(server, '/api/v2/secret/conceal', origin),
        await send(server, '/api/v1/status', {}, origin),
      ]) {
        expect(allowed(response)).toBe('*')
        expect(response.headers.has('access-control-allow-credentials')).toBe(false)
      }
    }
  })

  it('reaches no page, no asset and no health check', async () => {
    for (const origins of ['*', APP]) {
      const server = await start({ CORS_ORIGINS: origins })
      const home = await (await fetch(server.url)).text()
      const asset = /href="(\/assets\/[^"]+)"/.exec(home)?.[1] ?? ''
      for (const path of [
        '/',
        '/api',
        '/signin',
        '/recent',
        `/secret/${UNKNOWN}`,
        `/private/${UNKNOWN}`,
        asset,
        '/health/live',
        '/nothing',
      ]) {
        expect(named(await send(server, path)), path).toEqual([])
        const asked = await preflight(server, path)
        // All but a GET of /api is the API's, which answers 404 there.
        if (path !== '/api') expect(named(asked), path).toEqual([])
        expect(asked.status, path).toBe(404)
      }
    }
  })
})

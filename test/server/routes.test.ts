import { randomBytes } from 'node:crypto'
import Fastify, { type FastifyInstance, type RouteOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKeyRing } from '../../src/crypto/key-ring.ts'
import { caller, wayOf } from '../../src/http/caller.ts'
import { rateLimits } from '../../src/http/route-rate-limits.ts'

import { FALLBACK_LOCALE } from '../../src/i18n/catalog.ts'

import { UNLIMITED } from '../../src/limits/admission.ts'

import { collectRoutes } from '../support/routes.ts'

/** What a request to each route counts against; all others count against nothing. */
const LIMITED: Readonly<Record<string, string>> = {
  'POST /': 'create',
  ...Object.fromEntries(
    ['/api/v2', '/api/v2/guest', '/api/v3', '/api/v3/guest'].flatMap((base) => [
      [`POST ${base}/secret/conceal`, 'create'],
      [`POST ${base}/secret/generate`, 'create'],
      [`POST ${base}/secret/:secretKey/reveal`, 'reveal'],
    ]),
  ),
  ...Object.fromEntries(
    [
      '/api/v2/receipt',
      '/api/v2/private',
      '/api/v2/guest/receipt',
      '/api/v3/receipt',
      '/api/v3/guest/receipt',
    ].flatMap((base) => [
      [`GET ${base}/:receiptKey`, 'receipt'],
      [`HEAD ${base}/:receiptKey`, 'receipt'],
      [`POST ${base}/:receiptKey/burn`, 'reveal'],
      ...(base.includes('guest')
        ? []
        : [
            [`GET ${base}/recent`, 'receipt'],
            [`HEAD ${base}/recent`, 'receipt'],
            [`PATCH ${base}/:receiptKey`, 'receipt'],
          ]),
    ]),
  ),
  'POST /api/v3/guest/receipts': 'receipt',
  ...Object.fromEntries(
    ['GET', 'HEAD', 'POST'].flatMap((method) =>
      ['metadata', 'private', 'receipt'].flatMap((prefix) => [
        [`${method} /api/v1/${prefix}/:key`, 'receipt'],
        [`${method} /api/v1/${prefix}/recent`, 'receipt'],
      ]),
    ),
  ),
  'GET /private/:key': 'receipt',
  'HEAD /private/:key': 'receipt',
  'GET /recent': 'receipt',
  'POST /recent/burn': 'reveal',
  'POST /account/token': 'sign-in',
  'POST /account/token/activate': 'sign-in',
  'POST /account/sessions': 'sign-in',
  'HEAD /recent': 'receipt',
  'GET /sent': 'receipt',
  'HEAD /sent': 'receipt',
  'POST /api/v1/create': 'create',
  'POST /api/v1/generate': 'create',
  'POST /api/v1/share': 'create',
  'POST /api/v1/metadata/:key/burn': 'reveal',
  'POST /api/v1/private/:key/burn': 'reveal',
  'POST /api/v1/receipt/:key/burn': 'reveal',
  'POST /api/v1/secret/:key': 'reveal',
  'POST /private/:key/attempts': 'reveal',
  'POST /private/:key/burn': 'reveal',
  'POST /private/:key/memo': 'receipt',
  'POST /secret/:key': 'reveal',
  'POST /signin': 'sign-in',
}

let app: FastifyInstance
let routes: RouteOptions[]
beforeAll(async () => {
  ;({ app, routes } = await collectRoutes())
})
afterAll(() => app.close())

describe('the routes of the application', () => {
  it('are each named in the audit log by their API or as a page', () => {
    const ways = routes.map(({ url }) => [url, wayOf(url)] as const)
    const expected = (url: string) => /^\/api\/(v[0-9])\//.exec(url)?.[1] ?? 'page'
    expect(ways).toEqual(ways.map(([url]) => [url, expected(url)]))
    expect(new Set(ways.map(([, way]) => way))).toContain('v1')
  })

  it('each name the rate limit that their requests count against, HEAD included', () => {
    const named = routes.flatMap(({ method, url, config }) =>
      [method].flat().map((one) => [`${one} ${url}`, config?.rateLimit] as const),
    )
    expect(named.length).toBeGreaterThan(40)
    expect(named.filter(([route]) => route.startsWith('HEAD ')).length).toBeGreaterThan(10)
    expect(named).toEqual(named.map(([route]) => [route, LIMITED[route] ?? 'none']))
    expect(Object.keys(LIMITED).filter((route) => !named.some(([name]) => name === route))).toEqual([])
  })

  it('cannot be added without naming a rate limit', async () => {
    const bare = Fastify()
    await bare.register(caller, {
      ring: createKeyRing([randomBytes(32)]),
      defaultLocale: FALLBACK_LOCALE,
    })
    await bare.register(rateLimits, { limiter: () => UNLIMITED })
    expect(() => bare.get('/unlimited', async () => 'a')).toThrow('GET /unlimited has no rate limit')
    expect(() => bare.get('/unlimited', { config: {} }, async () => 'a')).toThrow('has no rate limit')
    await bare.close()
  })

  it('have no HEAD that reveals, burns or creates', () => {
    const reading = routes.flatMap(({ method, config }) =>
      [method].flat().includes('HEAD') ? [config?.rateLimit] : [],
    )
    expect(new Set(reading)).toEqual(new Set(['none', 'receipt']))
  })
})

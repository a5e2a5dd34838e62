import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_RATE_LIMITS } from '../../src/config/rate-limits.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, basic } from '../api/client.ts'
import { launchChromium } from '../support/chromium.ts'

const JSON_BODY = { 'content-type': 'application/json; charset=utf-8', 'x-onetime-client': 'js/1' }

/** What a page's script sees of a response; `blocked` when the browser keeps it from the script. */
interface Seen {
  readonly status: number | 'blocked'
  readonly intended?: string | null
  readonly retryAfter?: string | null
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies of any form.
  readonly body?: any
}

const BLOCKED = { status: 'blocked' }

let sites: readonly [listed: Server, other: Server]
let server: TestServer
let closed: TestServer
let browser: Browser
beforeAll(async () => {
  sites = [await serveSite(), await serveSite()]
  const accounts = { [ANA.email]: ANA.token }
  server = await startTestServer({
    accounts,
    settings: { CORS_ORIGINS: originOf(sites[0]), RATE_LIMIT: 'account-create=5/600' },
  })
  closed = await startTestServer({ accounts, settings: { RATE_LIMIT: DEFAULT_RATE_LIMITS } })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await Promise.all([server.close(), closed.close()])
  for (const site of sites) site.close()
})

async function serveSite(): Promise<Server> {
  const site = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end('<p>A page'),
  )
  await once(site.listen(0, '127.0.0.1'), 'listening')
  return site
}

const originOf = (site: Server) => `http://127.0.0.1:${(site.address() as AddressInfo).port}`

/** Opens a page of a site and returns a fetch that its script makes. */
async function pageOf(site: Server) {
  const page = await browser.newPage()
  await page.goto(originOf(site))
  return (
    url: string,
    init: { method?: string; headers?: Record<string, string>; body?: string },
  ): Promise<Seen> =>
    page.evaluate(
      async ([url, init]) => {
        try {
          const response = await fetch(url, init)
          const { status, headers } = response
          return {
            status,
            intended: headers.get('x-ots-intended-status'),
            retryAfter: headers.get('retry-after'),
            body: await response.json(),
          }
        } catch {
          return { status: 'blocked' }
        }
      },
      [url, init] as const,
    )
}

const post = (body: object, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { ...JSON_BODY, ...headers },
  body: JSON.stringify(body),
})

describe('a page of another origin in Chromium', () => {
  it('creates and reveals by every version when its origin is listed', async () => {
    const fetch = await pageOf(sites[0])
    const shared = await fetch(`${server.url}/api/v1/share`, post({ secret: 'one' }, basic()))
    expect(shared).toMatchObject({ status: 200, body: { custid: ANA.email } })
    const key = shared.body.secret_key
    const revealed = await fetch(`${server.url}/api/v1/secret/${key}`, post({}))
    expect(revealed).toMatchObject({ status: 200, body: { value: 'one' } })
    for (const version of ['v2', 'v3']) {
      const base = `${server.url}/api/${version}`
      const concealed = await fetch(`${base}/secret/conceal`, post({ secret: { secret: 'two' } }, basic()))
      expect(concealed).toMatchObject({ status: 200, body: { success: true } })
      const { record } = concealed.body
      const path = `${base}/secret/${record.secret.identifier}/reveal`
      expect(await fetch(path, post({ continue: true }))).toMatchObject({
        status: 200,
        body: { record: { secret_value: 'two' } },
      })
    }
  })

  it('edits the memo of a receipt by PATCH, which no page may send without a preflight', async () => {
    const fetch = await pageOf(sites[0])
    const shared = await fetch(`${server.url}/api/v1/share`, post({ secret: 'x' }, basic()))
    const key = shared.body.metadata_key
    const init = { ...post({ memo: 'for Bo' }, basic()), method: 'PATCH' }
    expect(await fetch(`${server.url}/api/v2/receipt/${key}`, init)).toMatchObject({
      status: 200,
      body: { record: { memo: 'for Bo' } },
    })
  })

  it('reads errors and their headers when its origin is listed', async () => {
    const fetch = await pageOf(sites[0])
    expect(
      await fetch(`${server.url}/api/v1/share`, post({ secret: 'x' }, basic(ANA.email, 'wrong'))),
    ).toMatchObject({
      status: 404,
      intended: '401',
      body: { message: 'Not authorized' },
    })
    expect(await fetch(`${server.url}/api/v2/secret/${'x'.repeat(31)}`, {})).toMatchObject({ status: 404 })
    for (let count = 0; count < 5; count++) await fetch(`${server.url}/api/v1/generate`, post({}, basic()))
    const limited = await fetch(`${server.url}/api/v1/generate`, post({}, basic()))
    expect(limited).toMatchObject({ status: 429, retryAfter: expect.stringMatching(/^\d+$/) })
  })

  it('is blocked when its origin is not listed, and creates nothing', async () => {
    const fetch = await pageOf(sites[1])
    const before = await recent(server)
    for (const path of ['/api/v1/share', '/api/v2/secret/conceal', '/api/v3/secret/conceal']) {
      const body = { secret: path.includes('v1') ? 'x' : { secret: 'x' } }
      expect(await fetch(server.url + path, post(body, basic()))).toEqual(BLOCKED)
    }
    expect(await fetch(`${server.url}/api/v1/status`, {})).toEqual(BLOCKED)
    expect(await recent(server)).toEqual(before)
  })

  it('is blocked by default, whatever its origin', async () => {
    const fetch = await pageOf(sites[0])
    expect(await fetch(`${closed.url}/api/v1/status`, {})).toEqual(BLOCKED)
    expect(await fetch(`${closed.url}/api/v1/share`, post({ secret: 'x' }, basic()))).toEqual(BLOCKED)
    expect(await recent(closed)).toEqual([])
  })

  it('cannot read the pages of the site, though its origin is listed', async () => {
    const fetch = await pageOf(sites[0])
    for (const path of ['/', '/signin', '/recent'])
      expect(await fetch(server.url + path, {})).toEqual(BLOCKED)
  })
})

async function recent({ url }: TestServer): Promise<unknown> {
  return (await fetch(`${url}/api/v1/private/recent`, { headers: basic() })).json()
}

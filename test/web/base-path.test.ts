import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA } from '../api/client.ts'
import { cookiesOf, Visitor } from './visitor.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { PUBLIC_URL: 'https://example.com/tools/once' },
  })
})
afterAll(() => server.close())

const BASE = '/tools/once'

describe('F26: below a base path', () => {
  it('each link on a page, and each secret link, begins with the base path', async () => {
    const visitor = new Visitor(server)
    await visitor.fill(`${BASE}/signin`, ANA)
    const created = await visitor.fill(`${BASE}/`, { secret: 'x' })
    expect(created.status).toBe(303)
    expect(created.location).toMatch(/^\/tools\/once\/private\/[a-z0-9]{31}$/)
    const receipt = await visitor.get(created.location ?? '')
    const link = /dir="ltr">https:\/\/example\.com(\/tools\/once\/secret\/[a-z0-9]{31})</.exec(
      receipt.text,
    )?.[1]
    const pages = [
      receipt,
      ...(await Promise.all(['/', '/recent', '/nothing'].map((path) => visitor.get(BASE + path)))),
    ]
    const anonymous = new Visitor(server)
    pages.push(await anonymous.get(`${BASE}/`), await anonymous.get(`${BASE}/recent`))
    const opened = await visitor.fill(link ?? '')
    expect(opened.status).toBe(200)
    for (const { text } of [...pages, opened]) {
      const addresses = [...text.matchAll(/(?:href|src|action)="((?!data:)[^"#]+)"/g)].map(
        ([, address]) => address,
      )
      expect(addresses.length).toBeGreaterThan(3)
      for (const address of addresses) expect(address).toMatch(/^\/tools\/once\/(?!\/)/)
    }
    for (const asset of receipt.text.matchAll(/"(\/tools\/once\/assets\/[^"]+)"/g)) {
      expect((await visitor.get(asset[1] ?? '')).status).toBe(200)
    }
  })

  it('redirects stay below the base path', async () => {
    const key = 'a'.repeat(31)
    const visitor = new Visitor(server)
    expect((await visitor.get(`${BASE}/receipt/${key}`)).location).toBe(`${BASE}/private/${key}`)
    expect((await visitor.fill(`${BASE}/signin`, ANA)).location).toBe(`${BASE}/`)
  })

  it('cookies are limited to the base path', async () => {
    const visitor = new Visitor(server)
    const page = await visitor.get(`${BASE}/signin?language=it`)
    const cookies = [...cookiesOf(page), ...cookiesOf(await visitor.submit(page, `${BASE}/signin`, ANA))]
    expect(cookies.map(({ name }) => name)).toEqual(['language', '__Secure-csrf', '__Secure-session'])
    for (const { attributes } of cookies) expect(attributes).toMatch(/Path=\/tools\/once(;|$)/)
  })

  it('the pages also work behind a proxy that strips the base path, and without a trailing slash', async () => {
    const visitor = new Visitor(server)
    for (const path of [BASE, `${BASE}/`, `${BASE}?language=en`, '/'])
      expect((await visitor.get(path)).status).toBe(200)
    const stripped = await visitor.get('/signin')
    expect(stripped.text).toContain(`action="${BASE}/signin"`)
    expect((await visitor.get('/tools/oncemore')).status).toBe(404)
  })
})

it('without a base path, cookies have the strictest name prefix over https, and none over http', async () => {
  for (const [url, name] of [
    ['https://example.com', '__Host-csrf'],
    ['http://example.com', 'csrf'],
  ] as const) {
    const site = await startTestServer({ settings: { PUBLIC_URL: url } })
    try {
      const [cookie] = cookiesOf(await new Visitor(site).get('/'))
      expect(cookie?.name).toBe(name)
      expect(cookie?.attributes).toBe(
        `Path=/; HttpOnly${url.startsWith('https') ? '; Secure' : ''}; SameSite=Lax`,
      )
    } finally {
      await site.close()
    }
  }
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA } from '../api/client.ts'
import { everyPage, type VisitedPage } from './pages.ts'
import { Visitor } from './visitor.ts'

const SECURITY = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; manifest-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

let server: TestServer
let pages: VisitedPage[]
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { PUBLIC_URL: 'https://once.example.com' },
  })
  pages = await everyPage(server, {})
})
afterAll(() => server.close())

describe('each page, whatever its status,', () => {
  it('carries the security headers', () => {
    expect(new Set(pages.map(({ answer }) => answer.status))).toEqual(new Set([200, 303, 400, 401, 403, 404]))
    for (const { name, answer } of pages) {
      expect(answer.headers, name).toMatchObject(SECURITY)
      expect(answer.headers['permissions-policy'], name).toMatch(/camera=\(\).*clipboard-read=\(\)/)
      expect(answer.headers['x-robots-tag'], name).toMatch(/^noindex/)
      expect(answer.headers['strict-transport-security'], name).toBe('max-age=63072000')
    }
  })

  it('gives the buttons that need the script names that differ', () => {
    const named = pages.map(({ name, answer }) => {
      const buttons = [...answer.text.matchAll(/<button type="button"[^>]*>(.*?)<\/button>/gs)]
      return { name, names: buttons.map(([, content = '']) => content.replace(/<[^>]*>/g, '')) }
    })
    for (const { name, names } of named) expect(names, name).toEqual([...new Set(names)])
    expect(named.find(({ name }) => name === 'a receipt')?.names).toContain('Copy link')
    expect(named.find(({ name }) => name === 'a revealed secret')?.names).toContain('Copy secret')
  })

  it('has no inline script or style, and names no other host', () => {
    for (const { name, answer } of pages.filter(({ answer }) => answer.status !== 303)) {
      expect(answer.headers['content-type'], name).toBe('text/html; charset=utf-8')
      expect(answer.text, name).not.toMatch(
        /<style|\sstyle=|\son[a-z]+=|javascript:|<script(?! src="\/assets\/)/,
      )
      for (const [, url] of answer.text.matchAll(/(?:href|src|action)="([^"]*)"/g)) {
        expect(url, name).toMatch(/^(#main$|\/[a-z]|\/\?|\/$|data:text\/plain;)/)
      }
    }
  })

  it('answers HEAD like GET, without the body', async () => {
    for (const path of ['/', '/signin', '/recent', '/secret/none', '/no/such/page']) {
      const [get, head] = [await new Visitor(server).get(path), await new Visitor(server).send('HEAD', path)]
      expect(head.status, path).toBe(get.status)
      expect(head.headers['content-security-policy'], path).toBe(SECURITY['content-security-policy'])
      expect(head.text, path).toBe('')
    }
  })
})

it('a page with a CSRF token is not compressed unless this site asks, because its size would tell the token', async () => {
  const gzip = { 'Accept-Encoding': 'gzip' }
  const ana = new Visitor(server)
  await ana.fill('/signin', ANA)
  const codings = [
    await new Visitor(server).get('/api', gzip),
    await ana.get('/api', gzip),
    await ana.get('/', gzip),
  ]
  expect(codings.map(({ headers }) => headers['content-encoding'])).toEqual(['gzip', undefined, undefined])
})

it('HSTS is sent only where the site is reached over https', async () => {
  const plain = await startTestServer()
  try {
    expect((await new Visitor(plain).get('/')).headers).not.toHaveProperty('strict-transport-security')
  } finally {
    await plain.close()
  }
})

it('an unknown path below /api/v1 is answered by the API, not by a page', async () => {
  for (const path of ['/api/v1/nothing', '/api/v1/secret/%ff']) {
    const answer = await new Visitor(server).get(path)
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(answer.headers['x-ots-intended-status']).toBeDefined()
  }
})

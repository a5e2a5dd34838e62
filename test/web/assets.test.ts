import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { accentStyle } from '../../src/web/assets/colour.ts'
import { ANA } from '../api/client.ts'
import { Visitor } from './visitor.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ accounts: { [ANA.email]: ANA.token } })
})
afterAll(() => server.close())

const assetsIn = ({ text }: { text: string }) => [
  ...new Set([...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '')),
]

describe('an asset', () => {
  it('may be cached forever, and comes in a content coding that the browser accepts', async () => {
    for (const path of assetsIn(await new Visitor(server).get('/'))) {
      const plain = await new Visitor(server).get(path)
      expect(plain.status).toBe(200)
      expect(plain.headers).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
        vary: 'accept-encoding',
      })
      expect(plain.headers).not.toHaveProperty('content-encoding')
      expect(plain.headers).not.toHaveProperty('set-cookie')
      for (const coding of ['br', 'gzip']) {
        const response = await fetch(server.url + path, {
          headers: { 'accept-encoding': `x, ${coding};q=0.5` },
        })
        expect(response.headers.get('content-encoding')).toBe(coding)
        expect(await response.text()).toBe(plain.text)
      }
    }
  })

  it.each(['gzip, deflate, br, zstd', 'gzip, br', 'br;q=0.5, gzip'])(
    'is sent in Brotli, which is smaller than gzip, for Accept-Encoding: %j',
    async (accepted) => {
      const [path = ''] = assetsIn(await new Visitor(server).get('/'))
      const response = await fetch(server.url + path, { headers: { 'accept-encoding': accepted } })
      expect(response.headers.get('content-encoding')).toBe('br')
    },
  )

  it.each(['', 'identity', 'br;q=0, gzip;q=0.0', 'brx, xgzip'])(
    'is sent without content coding for Accept-Encoding: %j',
    async (accepted) => {
      const [path = ''] = assetsIn(await new Visitor(server).get('/'))
      const answer = await new Visitor(server).get(path, { 'Accept-Encoding': accepted })
      expect(answer.headers).not.toHaveProperty('content-encoding')
    },
  )

  it('is served under its own path only', async () => {
    for (const path of [
      '/assets/style.css',
      '/assets/',
      '/assets/../package.json',
      '/assets/%2e%2e%2fapp.ts',
    ]) {
      expect((await new Visitor(server).get(path)).status).toBe(404)
    }
  })
})

it.each([
  ['logo.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'],
  ['logo.png', '\u0089PNG and so on', 'image/png'],
])('the header of a page shows the logo of the site: %s', async (name, content, type) => {
  const folder = mkdtempSync(join(tmpdir(), 'emberlink-logo-'))
  writeFileSync(join(folder, name), content)
  const branded = await startTestServer({ settings: { SITE_LOGO: join(folder, name) } })
  try {
    const [, path = ''] = /<img src="([^"]+)"/.exec((await new Visitor(branded).get('/')).text) ?? []
    const logo = await new Visitor(branded).get(path)
    expect(logo.status).toBe(200)
    expect(logo.headers).toMatchObject({ 'content-type': type, 'x-content-type-options': 'nosniff' })
    expect(logo.headers['content-security-policy']).toContain("default-src 'none'")
    expect(logo.text).toBe(content)
  } finally {
    await branded.close()
    rmSync(folder, { recursive: true })
  }
})

describe('the accent', () => {
  it('colours the style sheet and the icon, and changes their paths', async () => {
    const green = await startTestServer({ settings: { SITE_ACCENT: '#1a7f37', SITE_NAME: 'Ex & Co' } })
    try {
      const page = await new Visitor(green).get('/')
      expect(page.text).toContain('<bdi>Ex &amp; Co</bdi>')
      const before = assetsIn(await new Visitor(server).get('/'))
      const [icon = '', style = '', script] = assetsIn(page)
      expect(before).not.toContain(icon)
      expect(before).not.toContain(style)
      expect(before).toContain(script)
      expect((await new Visitor(green).get(style)).text).toContain('--accent:#1a7f37')
      expect((await new Visitor(green).get(icon)).text).toContain('#1a7f37')
    } finally {
      await green.close()
    }
  })

  it('stays readable in any colour: contrast at least 4.5 to 1 (WCAG 2.2, 1.4.3)', () => {
    const channels = ['00', '33', '66', '99', 'cc', 'ff']
    const colours = channels.flatMap((r) => channels.flatMap((g) => channels.map((b) => `#${r}${g}${b}`)))
    for (const colour of colours) {
      const style = accentStyle(colour)
      const [, on = ''] = /--on-accent:(#[0-9a-f]{6})/.exec(style) ?? []
      const [light = '', dark = ''] = [...style.matchAll(/--accent-ink:(#[0-9a-f]{6})/g)].map(
        ([, hex]) => hex,
      )
      expect(contrast(on, colour), `${on} on ${colour}`).toBeGreaterThanOrEqual(4.5)
      for (const background of ['#ffffff', '#f7f5f2', '#f1eeea'])
        expect(contrast(light, background)).toBeGreaterThanOrEqual(4.5)
      for (const background of ['#181513', '#211d1a', '#2b2723'])
        expect(contrast(dark, background)).toBeGreaterThanOrEqual(4.5)
    }
  })
})

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

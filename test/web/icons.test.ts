import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { blankPicture, fill } from '../../src/web/assets/icon/paint.ts'
import { encodePng } from '../../src/web/assets/icon/png.ts'
import { decodePng } from './png.ts'
import { Visitor } from './visitor.ts'

const GREEN = [0x1a, 0x7f, 0x37, 255]
const WHITE = [255, 255, 255, 255]
const NAMED = ['/favicon.ico', '/apple-touch-icon.png', '/site.webmanifest']

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ settings: { SITE_ACCENT: '#1a7f37', SITE_NAME: 'Ex & "Co"' } })
})
afterAll(() => server.close())

async function load({ url }: { readonly url: string }, path: string): Promise<Buffer> {
  const response = await fetch(url + path)
  expect(response.status, path).toBe(200)
  return Buffer.from(await response.arrayBuffer())
}

const linksOf = (text: string, rel: string) =>
  [...text.matchAll(/<link rel="([^"]+)" href="([^"]+)"/g)].flatMap(([, found, href = '']) =>
    found === rel ? [href] : [],
  )

describe('the icon files that browsers look for', () => {
  it.each(NAMED)('%s may be cached for a day, and sets no cookie', async (path) => {
    const visitor = new Visitor(server)
    for (const method of ['GET', 'HEAD']) {
      const { status, headers } = await visitor.send(method, path)
      expect(status).toBe(200)
      expect(headers).toMatchObject({
        'cache-control': 'public, max-age=86400',
        'x-content-type-options': 'nosniff',
      })
      expect(headers).not.toHaveProperty('set-cookie')
    }
  })

  it('favicon.ico is the icon in the accent, 32 pixels wide, with transparent corners', async () => {
    const icon = await load(server, '/favicon.ico')
    expect([...icon.subarray(0, 8)]).toEqual([0, 0, 1, 0, 1, 0, 32, 32])
    const [length, at] = [icon.readUInt32LE(14), icon.readUInt32LE(18)]
    expect(at + length).toBe(icon.length)
    const picture = decodePng(icon.subarray(at))
    expect([picture.width, picture.height]).toEqual([32, 32])
    expect(picture.at(0, 0)).toEqual([0, 0, 0, 0])
    expect(picture.at(31, 31)).toEqual([0, 0, 0, 0])
    expect(picture.at(1, 16)).toEqual(GREEN)
    expect(picture.at(16, 20)).toEqual(WHITE)
    // Where the corner passes, a pixel is in between.
    expect(picture.at(2, 2)[3]).toBeGreaterThan(0)
    expect(picture.at(2, 2)[3]).toBeLessThan(255)
  })

  it('apple-touch-icon.png fills its square, because the home screen cuts off the corners', async () => {
    const picture = decodePng(await load(server, '/apple-touch-icon.png'))
    expect([picture.width, picture.height]).toEqual([180, 180])
    for (const [x, y] of [
      [0, 0],
      [179, 0],
      [0, 179],
      [179, 179],
      [90, 10],
    ] as const)
      expect(picture.at(x, y)).toEqual(GREEN)
    // In the flame, between its two tips, and below it.
    expect(picture.at(96, 40)).toEqual(WHITE)
    expect(picture.at(75, 70)).toEqual(GREEN)
    expect(picture.at(90, 140)).toEqual(WHITE)
    expect(picture.at(90, 155)).toEqual(GREEN)
  })

  it('site.webmanifest names the site, its colours and icons that exist', async () => {
    const manifest = JSON.parse(String(await load(server, '/site.webmanifest')))
    expect(manifest).toMatchObject({ name: 'Ex & "Co"', start_url: '/', scope: '/', theme_color: '#1a7f37' })
    expect(manifest.icons.map(({ sizes }: { sizes: string }) => sizes)).toEqual(['any', '180x180'])
    for (const { src, type } of manifest.icons) {
      expect((await new Visitor(server).get(src)).headers['content-type']).toBe(type)
    }
  })

  it('F26: every page links to them, below the base path', async () => {
    const site = await startTestServer({ settings: { PUBLIC_URL: 'https://example.com/tools/once' } })
    onTestFinished(() => site.close())
    const { text } = await new Visitor(site).get('/tools/once/signin')
    const [favicon = '', icon = ''] = linksOf(text, 'icon')
    expect(favicon).toBe('/tools/once/favicon.ico')
    expect(linksOf(text, 'apple-touch-icon')).toEqual(['/tools/once/apple-touch-icon.png'])
    expect(linksOf(text, 'manifest')).toEqual(['/tools/once/site.webmanifest'])
    const manifest = JSON.parse(String(await load(site, '/tools/once/site.webmanifest')))
    expect(manifest).toMatchObject({ start_url: '/tools/once/', scope: '/tools/once/' })
    for (const path of [favicon, icon, ...manifest.icons.map(({ src }: { src: string }) => src), ...NAMED]) {
      await load(site, path)
    }
  })
})

it('the theme colours of a page are the backgrounds of the style sheet, light and dark', async () => {
  const style = readFileSync(new URL('../../src/web/assets/style/theme.css', import.meta.url), 'utf8')
  const [light, dark] = [...style.matchAll(/--ground: (#\w+);/g)].map(([, colour]) => colour)
  const { text } = await new Visitor(server).get('/')
  const named = [...text.matchAll(/name="theme-color" content="([^"]+)" media="([^"]+)"/g)]
  expect(named.map(([, colour, media]) => [colour, media])).toEqual([
    [light, '(prefers-color-scheme: light)'],
    [dark, '(prefers-color-scheme: dark)'],
  ])
})

describe('a logo', () => {
  async function branded(name: string, content: string | Buffer): Promise<TestServer> {
    const folder = mkdtempSync(join(tmpdir(), 'emberlink-icon-'))
    writeFileSync(join(folder, name), content)
    const site = await startTestServer({
      settings: { SITE_LOGO: join(folder, name), SITE_ACCENT: '#1a7f37' },
    })
    onTestFinished(async () => {
      await site.close()
      rmSync(folder, { recursive: true })
    })
    return site
  }

  function squarePng(size: number): Buffer {
    const picture = blankPicture(size)
    fill(picture, [[0, 0], [1, 0], [1, 1], [0, 1]], size, [0, 0, 255]) // biome-ignore format: one square
    return encodePng(picture)
  }

  it('is the icon of the site everywhere if it is a square PNG', async () => {
    const logo = squarePng(300)
    const site = await branded('logo.png', logo)
    const [, icon = ''] = linksOf((await new Visitor(site).get('/')).text, 'icon')
    expect(await load(site, icon)).toEqual(logo)
    expect(await load(site, '/apple-touch-icon.png')).toEqual(logo)
    const favicon = await load(site, '/favicon.ico')
    expect([...favicon.subarray(6, 8)]).toEqual([0, 0])
    expect(favicon.subarray(22)).toEqual(logo)
    const { icons } = JSON.parse(String(await load(site, '/site.webmanifest')))
    expect(icons).toEqual([
      { src: icon, type: 'image/png', sizes: '300x300' },
      { src: '/apple-touch-icon.png', type: 'image/png', sizes: '300x300' },
    ])
  })

  it('is the icon where browsers accept an SVG if it is a square SVG; elsewhere, the icon is a bare square in the accent', async () => {
    const logo = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4, 64 64.0"><circle r="9"/></svg>'
    const site = await branded('logo.svg', logo)
    const [, icon = ''] = linksOf((await new Visitor(site).get('/')).text, 'icon')
    expect(String(await load(site, icon))).toBe(logo)
    const touch = decodePng(await load(site, '/apple-touch-icon.png'))
    expect(touch.at(96, 40)).toEqual(GREEN)
    expect(decodePng((await load(site, '/favicon.ico')).subarray(22)).at(16, 20)).toEqual(GREEN)
  })

  it.each<[string, string | Buffer]>([
    ['wide.svg', '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 64"/>'],
    ['no-size.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['not-a.png', 'nothing like it'],
    ['cut.png', '\u0089PNG\r\n\u001a\n'],
  ])('leaves the built-in icon in place if it is not square: %s', async (name, content) => {
    const site = await branded(name, content)
    const [, icon = ''] = linksOf((await new Visitor(site).get('/')).text, 'icon')
    expect(String(await load(site, icon))).toContain('<title>Ember</title>')
    expect(decodePng(await load(site, '/apple-touch-icon.png')).at(96, 40)).toEqual(WHITE)
  })
})

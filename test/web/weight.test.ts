import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LOCALES } from '../../src/i18n/catalog.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, api, basic } from '../api/client.ts'
import { everyPage } from './pages.ts'
import { type PageAnswer, Visitor } from './visitor.ts'

const MAX_BYTES = 15_000

/** The language with the most text, compressed as pages are. */
const LONGEST = LOCALES.map((locale) => ({ locale, size: compressedCatalog(locale) })).reduce((a, b) =>
  a.size > b.size ? a : b,
).locale

/** What a browser sends that is on a page of this site. */
const BROWSER = {
  'Accept-Encoding': 'gzip, deflate, br, zstd',
  'Sec-Fetch-Site': 'same-origin',
  'Accept-Language': LONGEST,
}

let server: TestServer
let assets: Visitor
beforeAll(async () => {
  server = await startTestServer({ accounts: { [ANA.email]: ANA.token } })
  assets = new Visitor(server, { 'Accept-Encoding': 'br' })
})
afterAll(() => server.close())

function compressedCatalog(locale: string): number {
  return gzipSync(readFileSync(new URL(`../../src/i18n/locales/${locale}.json`, import.meta.url))).length
}

/** Returns the bytes on the wire of a first visit to a page: the page and all that it loads, with the heads. */
async function weigh(page: PageAnswer): Promise<number> {
  const loaded = [...page.text.matchAll(/<(?:script|img|link rel="(?:icon|stylesheet)")[^>]*>/g)].map(
    ([tag]) => /(?:href|src)="([^"]+)"/.exec(tag)?.[1] ?? '',
  )
  const paths = [...new Set(loaded)]
  expect(paths.map((path) => path.replace(/^.*\.(\w+)$/, '$1')).sort()).toEqual(['css', 'ico', 'js', 'svg'])
  const sizes = await Promise.all(paths.map(async (path) => (await assets.get(path)).size))
  return sizes.reduce((sum, size) => sum + size, page.size)
}

it('each page weighs at most 15 kB on the wire with all that it loads, in the longest language', async () => {
  const pages = (await everyPage(server, BROWSER)).filter(({ answer }) => answer.status !== 303)
  expect(pages.find(({ name }) => name === 'its receipt')?.answer.text).toContain('class="qr"')
  for (const { name, answer } of pages) expect(await weigh(answer), name).toBeLessThan(MAX_BYTES)
})

it('a full page of recent secrets, each with a note and a passphrase, weighs at most 15 kB', async () => {
  const ana = new Visitor(server, BROWSER)
  await ana.fill('/signin', ANA)
  for (let i = 0; i < 51; i += 1) {
    const secret = { secret: 'x', passphrase: i % 5 === 0 ? 'tulip' : '' }
    const path = `/private/${(await api(server, basic()).post('/share', secret)).body.metadata_key}`
    const memo = `Password of ${randomBytes(6).toString('base64url')}, for the new colleague`
    await ana.submit(await ana.get(path), `${path}/memo`, { memo })
  }
  const page = await ana.get('/recent')
  expect(page.text.match(/<h2 /g)).toHaveLength(50)
  expect(page.text.match(/<bdi>Password of /g)).toHaveLength(50)
  expect(await weigh(page)).toBeLessThan(MAX_BYTES)
})

it('the receipts of links that were sent to ten recipients weigh at most 15 kB', async () => {
  const ana = new Visitor(server, BROWSER)
  await ana.fill('/signin', ANA)
  const recipient = Array.from({ length: 10 }, (_, index) => `colleague-${index}@example.com`).join()
  await ana.fill('/', { secret: 'x', recipient })
  const page = await ana.get('/sent')
  expect(page.text.match(/<li value=/g)).toHaveLength(10)
  expect(await weigh(page)).toBeLessThan(MAX_BYTES)
})

// What the sender shared is the sender's own: here 7,500 random bytes, in Base64. The page holds it twice, as text and as a file.
it('the page of a secret of maximum size that hardly compresses weighs at most 15 kB beside the secret', async () => {
  const secret = randomBytes(7500).toString('base64')
  const { body } = await api(server).post('/share', { secret })
  const path = `/secret/${body.secret_key}`
  const revealed = await new Visitor(server, BROWSER).fill(path)
  expect(revealed.text).toContain(`>\n${secret}</pre>`)
  expect(revealed.text).toContain('download="secret.txt"')
  const own = gzipSync(secret + Buffer.from(secret).toString('base64')).length
  expect(await weigh(revealed)).toBeLessThan(MAX_BYTES + own)
  expect(await weigh(revealed)).toBeLessThan(30_000)
})

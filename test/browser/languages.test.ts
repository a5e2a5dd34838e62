import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LOCALES } from '../../src/i18n/catalog.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, api, basic } from '../api/client.ts'
import { launchChromium } from '../support/chromium.ts'

let server: TestServer
let browser: Browser
let page: Page
let paths: readonly string[]

beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { SHARE_DOMAINS: 'links.example.com' },
  })
  const share = async () => (await api(server, basic()).post('/share', { secret: 'x', passphrase: 'y' })).body
  const [secret, receipt] = [await share(), await share()]
  paths = ['/', '/recent', '/account', `/secret/${secret.secret_key}`, `/private/${receipt.metadata_key}`]

  browser = await launchChromium()
  page = await browser.newPage({ baseURL: server.url, viewport: { width: 320, height: 640 } })
  await page.goto('/signin')
  await page.fill('#email', ANA.email)
  await page.fill('#token', ANA.token)
  await page.press('#token', 'Enter')
  await page.waitForURL((url) => !url.pathname.includes('signin'))
})
afterAll(async () => {
  await browser.close()
  await server.close()
})

it.each(LOCALES)(
  'every page of a sender fits into 320 pixels in %s, no button beyond two lines, and a passphrase shows 12 characters',
  async (tag) => {
    for (const path of paths) {
      await page.goto(`${path}?language=${tag}`)
      expect(await page.evaluate(CROWDED), path).toEqual([])
      expect(await page.evaluate(SHORT), path).toEqual([])
    }
  },
)

/** Returns the fields for a passphrase that show fewer than 12 characters, as bullets, letters or digits. */
const SHORT = `(() => {
  const pen = document.createElement('canvas').getContext('2d')
  return [...document.querySelectorAll('.with-button input')].filter((input) => {
    const { font, paddingLeft, paddingRight } = getComputedStyle(input)
    pen.font = font
    const needed = Math.max(...['•', 'n', '0'].map((character) => pen.measureText(character.repeat(12)).width))
    return input.checkVisibility() && input.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) < needed
  }).map(({ id }) => id)
})()`

/** Opens all that can be opened, and returns what is too wide, and the texts of buttons that need more than two lines. */
const CROWDED = `(() => {
  for (const details of document.querySelectorAll('details')) details.open = true
  const { scrollWidth, clientWidth } = document.documentElement
  const linesOf = (element) => {
    const range = document.createRange()
    range.selectNodeContents(element)
    return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size
  }
  const crowded = [...document.querySelectorAll('button, nav a')].filter((element) => {
    const hidden = element.querySelector('.visually-hidden') === null ? 0 : 1
    return linesOf(element) - hidden > 2
  })
  return [...(scrollWidth > clientWidth ? ['the page'] : []), ...crowded.map((element) => element.textContent)]
})()`

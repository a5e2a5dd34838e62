import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { default as Axe, AxeResults } from 'axe-core'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const SCREENSHOTS = fileURLToPath(new URL('../../screenshots/', import.meta.url))

declare const axe: typeof Axe

/** The browser of a person who reads the pages. */
export interface Spectator extends BrowserContextOptions {
  /** Folder of the screenshots. */
  readonly name: string
}

/** A person with a browser, whose pages are watched for errors. */
export interface Stage {
  readonly context: BrowserContext
  readonly page: Page
  /**
   * Takes a screenshot of the page in a state, and checks that axe finds no violation and nothing is wider than the
   * window.
   */
  capture(state: string): Promise<void>
  /** Closes the browser, and checks that no page has met an error, broken its policy, or requested another host. */
  leave(): Promise<void>
}

/** Opens a browser window at a site. */
export async function enter(browser: Browser, site: string, spectator: Spectator): Promise<Stage> {
  const { name, ...options } = spectator
  const folder = `${SCREENSHOTS}${name}/`
  const context = await browser.newContext({ baseURL: site, ...options })
  const problems: string[] = []
  context.on('request', (request) => {
    if (new URL(request.url()).origin !== site) problems.push(`asked ${request.url().slice(0, 60)}`)
  })
  context.on('console', (message) => {
    // The browser logs each response of 4xx; these pages send them on purpose.
    const expected = /^Failed to load resource: the server responded with a status of 4|^Autofocus processing/
    if (!expected.test(message.text())) problems.push(message.text())
  })
  context.on('weberror', (error) => problems.push(String(error.error())))
  const page = await context.newPage()
  const scripted = options.javaScriptEnabled ?? true
  const mirror = scripted
    ? page
    : await browser.newPage({ ...options, baseURL: site, javaScriptEnabled: true })
  let pictures = 0

  return {
    context,
    page,
    async capture(state) {
      pictures += 1
      const number = String(pictures).padStart(2, '0')
      await page.screenshot({ path: `${folder}${number}-${state.replaceAll(' ', '-')}.png`, fullPage: true })
      if (mirror !== page) await copy(page, site, mirror)
      expect(await violations(mirror), `${name}: ${state}`).toEqual([])
      expect(await overflow(page), `${name}: ${state}`).toBeLessThanOrEqual(0)
    },
    async leave() {
      await mirror.close()
      await context.close()
      expect(problems).toEqual([])
    },
  }
}

/** Returns one line for each violation. Evaluated code is no script of the page, so its policy stays in force. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const results: AxeResults = await page.evaluate(() => axe.run())
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
}

/** Shows a page as it is in another window, where axe may run though the page runs no script. */
async function copy(page: Page, site: string, window: Page): Promise<void> {
  const body = (await page.content()).replace(/<script [^>]*><\/script>/, '')
  await window.route(`${site}/copy`, (route) => route.fulfill({ contentType: 'text/html', body }))
  await window.goto('/copy')
  await window.unroute(`${site}/copy`)
}

/** Returns the pixels by which the page is wider than its window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}

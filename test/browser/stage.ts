import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { default as Axe } from 'axe-core'
import type { Browser, BrowserContext, BrowserContextOptions, CDPSession, Page } from 'playwright-core'
import { expect } from 'vitest'
import { takePictures } from './pictures.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

declare const axe: typeof Axe

/** The browser of a person who reads the pages. */
export interface Spectator extends BrowserContextOptions {
  /** Names the person in failures, and the folder of the screenshots. */
  readonly name: string
}

/** A person with a browser, whose pages are watched for errors. */
export interface Stage {
  readonly context: BrowserContext
  readonly page: Page
  /**
   * Checks that axe finds no violation on the page in a state, and that nothing is wider than the window. `npm run
   * screenshots` takes pictures of it, too.
   */
  capture(state: string): Promise<void>
  /** Closes the browser, and checks that no page has met an error, broken its policy, or requested another host. */
  leave(): Promise<void>
}

/** Opens a browser window at a site. */
export async function enter(browser: Browser, site: string, spectator: Spectator): Promise<Stage> {
  const { name, ...options } = spectator
  const context = await browser.newContext({ baseURL: site, ...options })
  const problems: string[] = []
  context.on('request', (request) => {
    if (new URL(request.url()).origin !== site) problems.push(`asked ${request.url().slice(0, 60)}`)
  })
  context.on('console', (message) => {
    // The browser logs each response of 4xx, 502 and 503; these pages send them on purpose.
    const expected =
      /^Failed to load resource: the server responded with a status of (4|50[23])|^Autofocus processing/
    if (!expected.test(message.text())) problems.push(message.text())
  })
  context.on('weberror', (error) => problems.push(String(error.error())))
  const page = await context.newPage()
  const scripted = options.javaScriptEnabled ?? true
  const mirror = scripted
    ? page
    : await browser.newPage({ ...options, baseURL: site, javaScriptEnabled: true })
  const inspector = await mirror.context().newCDPSession(mirror)
  let states = 0

  return {
    context,
    page,
    async capture(state) {
      states += 1
      if (mirror !== page) await copy(page, site, mirror)
      expect(await violations(inspector), `${name}: ${state}`).toEqual([])
      expect(await overflow(page), `${name}: ${state}`).toBeLessThanOrEqual(0)
      const picture = `${String(states).padStart(2, '0')}-${state.replaceAll(' ', '-')}`
      await takePictures(page, `${name}/${picture}`, options)
    },
    async leave() {
      await mirror.close()
      await context.close()
      expect(problems).toEqual([])
    },
  }
}

/**
 * Returns one line for each violation. Evaluated code is no script of the page, so its policy stays in force. Loading axe
 * costs more than its run, and the browser compiles it once only if it comes by the protocol as it is; so do not use
 * `page.evaluate`. All results of a run, which the browser would have to send, are a hundred times the violations.
 */
async function violations(inspector: CDPSession): Promise<string[]> {
  const run = async () => {
    const results = await axe.run({ resultTypes: ['violations'] })
    return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
  }
  const { result, exceptionDetails } = await inspector.send('Runtime.evaluate', {
    expression: `${AXE};(${run})()`,
    awaitPromise: true,
    returnByValue: true,
  })
  expect(exceptionDetails).toBeUndefined()
  return result.value
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

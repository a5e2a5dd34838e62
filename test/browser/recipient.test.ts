import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, api } from '../api/client.ts'
import { launchChromium } from '../support/chromium.ts'
import { enter, type Stage } from './stage.ts'

const NARROW = { width: 320, height: 640 }

let server: TestServer
let browser: Browser
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: {
      SITE_NOTICE: 'For employees of Example Inc. and those who work with them.',
      SITE_LINKS:
        'Privacy=https://example.com/privacy,Imprint=https://example.com/imprint,Help=mailto:help@example.com',
    },
  })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await server.close()
})

async function share(secret: string, more: Record<string, string> = {}): Promise<string> {
  return `/secret/${(await api(server).post('/share', { secret, ...more })).body.secret_key}`
}

async function open({ page }: Pick<Stage, 'page'>, path: string): Promise<void> {
  await page.goto(path)
  await page.click('button.primary')
  await page.locator('#revealed').waitFor()
}

/** Signs Ana in, and creates a secret whose recipient is told that it is from her. */
async function createSigned({ page }: Stage, secret: string): Promise<string> {
  await page.goto('/signin')
  await page.fill('#email', ANA.email)
  await page.fill('#token', ANA.token)
  await page.click('button.primary')
  await page.fill('#secret', secret)
  await page.fill('#passphrase', 'tulip')
  await page.check('[name=tell_sender]')
  await page.click('button.primary')
  return (await page.textContent('#link')) ?? ''
}

describe.each([true, false])('a recipient who never heard of the site (script: %s)', (javaScriptEnabled) => {
  it('learns what waits, from whom and until when, has to pause, and sees what the text hides', async () => {
    const secret = 'to \u202eBC123\u202c,\u200b today'
    const folder = `recipient/${javaScriptEnabled ? 'with' : 'without'}-script`
    const look = javaScriptEnabled ? ({ colorScheme: 'dark' } as const) : ({ colorScheme: 'light' } as const)
    const ana = await enter(browser, server.url, { name: `${folder}/sender`, javaScriptEnabled })
    const link = await createSigned(ana, secret)
    await ana.leave()

    const place = { timezoneId: 'Asia/Tokyo', viewport: NARROW, javaScriptEnabled, ...look }
    const stage = await enter(browser, server.url, { name: folder, ...place })
    const { page, capture } = stage
    await page.goto(link)
    expect(await page.locator('dd').first().textContent()).toBe(ANA.email)
    await page.locator('.about summary').click()
    await capture('a secret waits, with its explanation')

    for (let attempt = 1; attempt <= 5; attempt += 1) await tryPassphrase(page, 'rose', 400)
    expect(await nextAttempt(page)).toBeGreaterThanOrEqual(server.clock.now() + 600_000)
    await capture('the last attempt failed')
    await tryPassphrase(page, 'tulip', 429)
    expect(await page.textContent('h1')).toBe('A secret is waiting for you')
    expect(await page.textContent('.alert')).toMatch(javaScriptEnabled ? /Next attempt: [^U]+$/ : /UTC$/)
    server.clock.advance(((await nextAttempt(page)) - server.clock.now()) / 1000)
    await tryPassphrase(page, 'tulip', 200)

    expect(await page.textContent('#revealed')).toBe(secret)
    const marks = page.locator('#revealed').getByRole('img')
    expect(await marks.evaluateAll((found) => found.map((mark) => mark.ariaLabel))).toEqual([
      'U+202E',
      'U+202C',
      'U+200B',
    ])
    // What the override would turn around stands as it was written.
    const order = await page.evaluate<number[]>(`(() => {
      const text = [...document.querySelector('#revealed').childNodes].find(({ data }) => data === 'BC123')
      return [0, 4].map((at) => {
        const range = new Range()
        range.setStart(text, at)
        range.setEnd(text, at + 1)
        return range.getBoundingClientRect().left
      })
    })()`)
    expect(order[0]).toBeLessThan(order[1] ?? 0)
    await capture('a text with marks')
    await stage.leave()
  })
})

async function tryPassphrase(page: Page, passphrase: string, status: number): Promise<void> {
  await page.fill('#passphrase', passphrase)
  const [response] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === 'POST'),
    page.click('button.primary'),
  ])
  expect(response.status()).toBe(status)
  if (status === 200) await page.locator('#revealed').waitFor()
  else await expect.poll(() => page.inputValue('#passphrase')).toBe('')
}

async function nextAttempt(page: Page): Promise<number> {
  return Date.parse((await page.locator('form time').getAttribute('datetime')) ?? '')
}

describe('leaving a revealed secret', () => {
  /** Opens a secret, and counts the questions that the browser asks. */
  async function reader() {
    const stage = await enter(browser, server.url, {
      name: 'leaving',
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    const questions: string[] = []
    stage.page.on('dialog', (dialog) => {
      questions.push(dialog.type())
      void dialog.dismiss()
    })
    await open(stage, await share('not yet kept'))
    return { ...stage, questions }
  }

  it('asks whether it was kept whenever it is left, and stays as often as the reader wants to', async () => {
    const { page, questions, leave } = await reader()
    await page.goto('/signin').catch(() => undefined)
    expect(questions).toEqual(['beforeunload'])
    expect(await page.textContent('#revealed')).toBe('not yet kept')
    // `page.reload` would wait half a minute for the page that the reader does not want.
    await page.evaluate('setTimeout(() => location.reload())')
    await expect.poll(() => questions).toEqual(['beforeunload', 'beforeunload'])
    expect(await page.textContent('#revealed')).toBe('not yet kept')
    await leave()
  })

  it.each<[string, (page: Page) => Promise<unknown>]>([
    [
      'the copy button',
      async (page) => {
        await page.click('[data-copy=revealed]')
        await page.locator('button', { hasText: 'Copied' }).waitFor()
      },
    ],
    [
      'copying by hand',
      async (page) => {
        await page.evaluate('getSelection().selectAllChildren(document.getElementById("revealed"))')
        await page.keyboard.press('Control+c')
      },
    ],
    ['saving a file', (page) => Promise.all([page.waitForEvent('download'), page.click('#file')])],
    ['printing', (page) => page.evaluate('dispatchEvent(new Event("afterprint"))')],
  ])('asks nothing after %s', async (_, keep) => {
    const { page, questions, leave } = await reader()
    await keep(page)
    await page.goto('/signin')
    expect(questions).toEqual([])
    await leave()
  })

  it('asks nothing where no secret is revealed', async () => {
    const stage = await enter(browser, server.url, { name: 'leaving' })
    const questions: string[] = []
    stage.page.on('dialog', (dialog) => questions.push(dialog.type()))
    await stage.page.goto(await share('waits', { passphrase: 'tulip' }))
    await tryPassphrase(stage.page, 'rose', 400)
    await stage.page.goto('/signin')
    expect(questions).toEqual([])
    await stage.leave()
  })
})

it('a reveal that is under way is announced, and so is its end', async () => {
  const path = await share('slowly')
  const stage = await enter(browser, server.url, { name: 'busy' })
  const { page } = stage
  await page.goto(path)
  let answer = () => {}
  const released = new Promise<void>((resolve) => {
    answer = resolve
  })
  await page.route(`**${path}`, async (route) => {
    await released
    await route.continue()
  })
  await page.click('button.primary')
  await expect.poll(() => page.getByRole('status').textContent()).toBe('Opening…')
  answer()
  await page.locator('#revealed').waitFor()
  await expect.poll(() => page.getByRole('status').textContent()).toBe('')
  await stage.leave()
})

it('the browser accepts the manifest and draws the icons', async () => {
  const stage = await enter(browser, server.url, { name: 'icons' })
  const { page, context } = stage
  await page.goto('/')
  const session = await context.newCDPSession(page)
  const manifest = await session.send('Page.getAppManifest')
  expect(manifest).toMatchObject({ url: `${server.url}/site.webmanifest`, errors: [] })
  expect(JSON.parse(manifest.data ?? '')).toMatchObject({ name: 'Emberlink' })
  const sizes =
    await page.evaluate(`Promise.all(['/favicon.ico', '/apple-touch-icon.png'].map(async (path) => {
    const image = new Image()
    image.src = path
    await image.decode()
    return image.naturalWidth
  }))`)
  expect(sizes).toEqual([32, 180])
  await stage.leave()
})

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { translate } from '../../src/i18n/catalog.ts'
import { parseLocale } from '../../src/i18n/locale.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, api } from '../api/client.ts'
import { launchChromium } from '../support/chromium.ts'
import { NARROW, READERS } from './spectators.ts'
import { enter, type Stage } from './stage.ts'

/** In pixels: 9.5rem, at 17 pixels each. */
const QR_WIDTH = 161.5

let server: TestServer
let closed: TestServer
let browser: Browser
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: {
      SHARE_DOMAINS: 'links.example.com',
      REGION: 'eu',
      REGIONS: 'eu=https://eu.example.com,us=https://us.example.com',
    },
  })
  closed = await startTestServer({ settings: { ANONYMOUS_CREATE: 'off' } })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await Promise.all([server.close(), closed.close()])
})

describe.each(READERS)('$name', (spectator) => {
  const say = (key: Parameters<typeof translate>[1]) => translate(parseLocale(spectator.locale), key)

  async function expectHeading({ page }: Stage, key: Parameters<typeof translate>[1]): Promise<void> {
    await page.locator('h1', { hasText: say(key) }).waitFor()
  }

  it('a protected secret is created, revealed at the third attempt, and its receipt read', async () => {
    const stage = await enter(browser, server.url, { ...spectator, name: `${spectator.name}/secret` })
    const { page, capture } = stage
    if (spectator.viewport === NARROW) await page.addInitScript('navigator.share = async () => {}')
    await page.goto('/')
    await capture('the form')
    await page.fill('#secret', 'The code of the door is 4711.\n\nSee you at eight!')
    await page.fill('#passphrase', 'tulip')
    await page.selectOption('#ttl', '3600')
    await page.click('button.primary')
    await expectHeading(stage, 'receipt.new')
    await capture('the link')
    expect((await page.locator('.qr').boundingBox())?.width).toBe(QR_WIDTH)
    const receipt = page.url()
    const link = (await page.textContent('#link')) ?? ''

    await page.goto(link)
    await expectHeading(stage, 'reveal.title')
    await capture('a secret waits')
    for (const wrong of ['rose', 'violet']) {
      await page.fill('#passphrase', wrong)
      await page.click('button.primary')
      await expect.poll(() => page.inputValue('#passphrase')).toBe('')
    }
    await page.locator('.error').waitFor()
    await capture('a wrong passphrase')
    await page.fill('#passphrase', 'tulip')
    await page.click('button.primary')
    await expectHeading(stage, 'reveal.revealed')
    expect(await page.textContent('#revealed')).toBe('The code of the door is 4711.\n\nSee you at eight!')
    await capture('the secret')
    await page.click('summary')
    expect(await page.locator('#revealed').isVisible()).toBe(false)
    await capture('the secret, hidden')
    await page.goto(link)
    await expectHeading(stage, 'gone.title')
    await capture('no secret')

    await page.goto(receipt)
    await expectHeading(stage, 'receipt.received')
    await capture('the receipt of a revealed secret')
    await stage.leave()
  })

  it('an account signs in, generates a password, burns it, finds it among the recent secrets, and signs out', async () => {
    const stage = await enter(browser, server.url, { ...spectator, name: `${spectator.name}/account` })
    const { page, capture } = stage
    await page.goto('/signin')
    await page.fill('#email', ANA.email)
    await page.fill('#token', 'not the token')
    await page.click('button.primary')
    await page.locator('.alert').waitFor()
    await capture('signing in')
    await page.fill('#token', ANA.token)
    await page.click('button.primary')
    await expectHeading(stage, 'create.title')
    await page.fill('#recipient', 'foo@example.com')
    await page.selectOption('#share_domain', 'links.example.com')
    await capture('the form of an account')
    await page.click('.password summary')
    await page.click('[data-password]')
    await expect.poll(() => page.inputValue('#secret')).toMatch(/^.{16}$/)
    const password = await page.inputValue('#secret')
    await capture('a generated password')
    await page.click('button.primary')
    await expectHeading(stage, 'receipt.sent')
    expect(await page.textContent('#link')).toMatch(/^http:\/\/links\.example\.com\/secret\//)
    expect(await page.content()).not.toContain(password)
    await page.reload()
    await expectHeading(stage, 'receipt.viewed')
    await page.fill('#memo', 'for the auditors')
    await page.press('#memo', 'Enter')
    await expectHeading(stage, 'receipt.viewed')
    expect(await page.inputValue('#memo')).toBe('for the auditors')

    await page.click('.burn summary')
    await capture('burning')
    await page.click('.burn button')
    await expectHeading(stage, 'receipt.burned')
    await capture('the receipt of a burned secret')
    await page.goto('/recent')
    await expectHeading(stage, 'recent.title')
    await page.click('.menu summary')
    await capture('recent secrets')
    await page.click('header form button')
    await expectHeading(stage, 'create.title')
    expect(await page.locator('header [formaction="/draft?step=sign-in"]').isVisible()).toBe(true)
    await stage.leave()
  })

  it('a secret that is too large, a broken link and an invalid CSRF token are explained', async () => {
    const stage = await enter(browser, server.url, { ...spectator, name: `${spectator.name}/errors` })
    const { page, capture } = stage
    await page.goto('/')
    await page.fill('#secret', 'x'.repeat(10_001))
    await page.click('button.primary')
    await page.locator('.error').waitFor()
    await capture('a secret that is too large')
    await page.goto('/secre/cut-off')
    await expectHeading(stage, 'error.not_found')
    await capture('no such page')
    await page.goto('/')
    await page.fill('#secret', 'kept')
    await stage.context.clearCookies()
    await page.click('button.primary')
    await page.locator('.alert').waitFor()
    expect(await page.inputValue('#secret')).toBe('kept')
    await capture('a form with an invalid CSRF token')
    await stage.leave()
  })

  it('the API reference, a pause after too many passphrase attempts and the receipt of an expired secret', async () => {
    const stage = await enter(browser, server.url, { ...spectator, name: `${spectator.name}/rare` })
    const { page, capture } = stage
    await page.goto('/api')
    await capture('the API')

    const locked = { secret: 'kept', passphrase: 'tulip', ttl: '3600' }
    const { secret_key, metadata_key } = (await api(server).post('/share', locked)).body
    for (let i = 0; i < 5; i += 1) await api(server).post(`/secret/${secret_key}`, { passphrase: 'rose' })
    await page.goto(`/secret/${secret_key}`)
    await page.fill('#passphrase', 'tulip')
    const paused = page.waitForResponse((response) => response.status() === 429)
    await page.click('button.primary')
    await (await paused).finished()
    await page.waitForLoadState('networkidle')
    await capture('a pause after too many attempts')

    server.clock.advance(3601)
    await page.goto(`/private/${metadata_key}`)
    await capture('the receipt of an expired secret')
    await stage.leave()
  })

  it('a site on which only accounts create secrets shows how to sign in', async () => {
    const stage = await enter(browser, closed.url, { ...spectator, name: `${spectator.name}/closed` })
    await stage.page.goto('/')
    await stage.capture('the form is for accounts')
    await stage.leave()
  })
})

it('times are in the time zone of the reader, and in UTC without script', async () => {
  const shown = await Promise.all(
    [true, false].map(async (javaScriptEnabled) => {
      const context = await browser.newContext({
        javaScriptEnabled,
        timezoneId: 'Asia/Tokyo',
        locale: 'en-GB',
      })
      const page = await context.newPage()
      await page.goto(server.url)
      await page.fill('#secret', 'x')
      await page.click('button.primary')
      const time = page.locator('time').first()
      const texts = { iso: (await time.getAttribute('datetime')) ?? '', text: await time.textContent() }
      await context.close()
      return texts
    }),
  )
  const format = (iso: string, timeZone: string) =>
    new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(new Date(iso))
  expect(shown[0]?.text).toBe(format(shown[0]?.iso ?? '', 'Asia/Tokyo'))
  expect(shown[1]?.text).toBe(`${format(shown[1]?.iso ?? '', 'UTC')} UTC`)
})

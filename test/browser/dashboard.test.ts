import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccount } from '../../src/accounts/manage.ts'
import { loadConfig } from '../../src/config/load.ts'
import { translate } from '../../src/i18n/catalog.ts'
import { parseLocale } from '../../src/i18n/locale.ts'
import { openBackend } from '../../src/server/backend.ts'
import { type RunningServer, startServer } from '../../src/server/server.ts'
import { milliseconds } from '../../src/time.ts'
import { api, basic } from '../api/client.ts'
import { launchChromium } from '../support/chromium.ts'
import { TAKES_PICTURES } from './pictures.ts'
import { NARROW, READERS, type Reader } from './spectators.ts'
import { enter } from './stage.ts'

const PLAIN: Reader = {
  name: 'de-dark-320-plain',
  locale: 'de',
  viewport: NARROW,
  colorScheme: 'dark',
  javaScriptEnabled: false,
}
const DASHBOARD_READERS = [...READERS.slice(0, 1), ...(TAKES_PICTURES ? [] : [PLAIN])]

let folder: string
let server: RunningServer
let browser: Browser
let now = milliseconds(Date.now())
const tokens = new Map<string, string>()
const emailOf = ({ name }: Reader) => `${name}@example.com`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emberlink-dashboard-'))
  const config = loadConfig({ PORT: '0', DATA_DIR: folder, RATE_LIMIT: 'off' }, () => '')
  const { store, ring } = await openBackend(config)
  for (const reader of DASHBOARD_READERS) {
    const context = { store: store.accounts, ring, now: () => now }
    tokens.set(emailOf(reader), (await createAccount(context, emailOf(reader))) ?? '')
  }
  await store.close()
  server = await startServer(config, { logger: pino({ level: 'silent' }), now: () => now })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await server.stop()
  await rm(folder, { recursive: true })
})

describe.each(DASHBOARD_READERS)('$name', (reader) => {
  const say = (key: Parameters<typeof translate>[1], values = {}) =>
    translate(parseLocale(reader.locale), key, values)

  /** Returns the short keys of secrets in each state, and fills the list with others. */
  async function createSecrets() {
    const client = api(server, basic(emailOf(reader), tokens.get(emailOf(reader))))
    const share = async (params = {}) => (await client.post('/share', { secret: 'x', ...params })).body
    await share({ ttl: '60' })
    const [opened, burned] = [await share({ recipient: '' }), await share()]
    await client.post(`/secret/${opened.secret_key}`)
    await client.post(`/private/${burned.metadata_key}/burn`)
    now = milliseconds(now + 61_000)
    await Promise.all(Array.from({ length: 48 }, () => share({ ttl: '7200' })))
    now = milliseconds(now + 1000)
    const [noted, locked] = [await share(), await share({ passphrase: 'tulip', ttl: '172800' })]
    return { noted, locked }
  }

  async function signIn(page: Page): Promise<void> {
    await page.fill('#email', emailOf(reader))
    await page.fill('#token', tokens.get(emailOf(reader)) ?? '')
    await page.click('button.primary')
  }

  it('an account finds, copies and burns secrets, then signs out elsewhere and gets a new API token', async () => {
    const { noted, locked } = await createSecrets()
    const permissions = ['clipboard-write']
    const stage = await enter(browser, server.url, {
      ...reader,
      permissions,
      name: `${reader.name}/dashboard`,
    })
    const { page, capture } = stage
    const heading = (text: string) => page.locator('h1', { hasText: text }).waitFor()
    await page.goto('/recent')
    await signIn(page)
    await heading(say('recent.title'))
    expect(new URL(page.url()).pathname).toBe('/recent')

    await page.click(`a[href="/private/${noted.metadata_key}"]`)
    await page.fill('#memo', 'The Wi-Fi of the office, for the guests')
    await page.press('#memo', 'Enter')
    await page.goto('/recent')
    expect(await page.locator('.entries li').count()).toBe(50)
    await page.click('.pages a[rel=next]')
    expect(await page.locator('.entries li').count()).toBe(3)
    await capture('the states of secrets')

    await page.selectOption('#state', 'new')
    await page.fill('#q', 'wi-fi')
    await page.click('.filter button')
    await page.waitForURL(/q=wi-fi/)
    expect(await page.locator('.entries li').count()).toBe(1)
    const copy = page.locator('[data-copy]')
    expect(await copy.isVisible()).toBe(reader.javaScriptEnabled ?? true)
    if (reader.javaScriptEnabled ?? true) {
      await copy.click()
      await expect.poll(() => page.textContent('#status')).toBe(say('form.copied'))
      expect(await page.textContent('.entries code[dir]')).toBe(`${server.url}/secret/${noted.secret_key}`)
    }
    await capture('a found secret')

    await page.click('.filter + .found a')
    await page.click('.danger')
    await page.locator('.alert').waitFor()
    for (const { metadata_key } of [noted, locked]) await page.check(`[value="${metadata_key}"]`)
    await page.click('.danger')
    await heading(say('recent.burn_count', { count: 2 }))
    await page.fill('[type=password]', 'rose')
    await capture('asked before burning')
    await page.click('.danger')
    await heading(say('recent.burned_count', { count: 1 }))
    await capture('one of two burned')
    await page.fill('[type=password]', 'tulip')
    await page.click('.danger')
    await heading(say('recent.burned_count', { count: 1 }))
    await page.locator('[type=password]').waitFor({ state: 'detached' })

    const elsewhere = await browser.newPage({ baseURL: server.url })
    await elsewhere.goto('/account')
    await signIn(elsewhere)
    await elsewhere.waitForURL('**/account')
    await page.click('header a[href="/account"]')
    await heading(say('account.title'))
    await capture('the account')
    await page.click('form[action="/account/sessions"] button')
    await page.locator('.info', { hasText: say('account.sessions_ended') }).waitFor()
    await capture('other browsers signed out')
    expect((await elsewhere.goto('/account'))?.status()).toBe(401)
    await elsewhere.close()

    await page.click('form[action="/account/token"] button')
    await heading(say('account.new_token'))
    const token = (await page.textContent('#token')) ?? ''
    expect(token).toMatch(/^[a-z0-9]{40}$/)
    await capture('the new token')
    await page.click('form[action="/account/token/activate"] button')
    await page.locator('.info', { hasText: say('account.token_active') }).waitFor()
    tokens.set(emailOf(reader), token)
    expect(await page.locator('#token').count()).toBe(0)
    await page.click('header form button')
    await page.goto('/account')
    await signIn(page)
    await heading(say('account.title'))
    await stage.leave()
  })
})

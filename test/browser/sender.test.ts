import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, api, basic } from '../api/client.ts'
import { launchChromium } from '../support/chromium.ts'
import { enter } from './stage.ts'

const NARROW = { width: 320, height: 640 }

let server: TestServer
let browser: Browser
beforeAll(async () => {
  server = await startTestServer({ accounts: { [ANA.email]: ANA.token } })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await server.close()
})

async function signIn(page: Page): Promise<void> {
  await page.fill('#email', ANA.email)
  await page.fill('#token', ANA.token)
  await page.press('#token', 'Enter')
  await page.locator('#secret').waitFor()
}

async function chooseLanguage(page: Page, name: string): Promise<void> {
  await page.click('.menu summary')
  await page.click(`.menu button:text-is("${name}")`)
}

/** Returns the value of the secret behind the link on the page of its receipt. */
async function reveal(page: Page): Promise<string | undefined> {
  const link = (await page.locator('#link').textContent()) ?? ''
  const { body } = await api(server).post(link.slice(link.indexOf('/secret/')))
  return body.value
}

describe('F44: a form with script', () => {
  it('generates a password at the cursor, in place of a selection, and as chosen', async () => {
    const stage = await enter(browser, server.url, { name: 'sender/password', viewport: NARROW })
    const { page } = stage
    await page.goto('/')
    await page.fill('#secret', 'user: ana\npassword: \nsee you')
    await page.evaluate('document.getElementById("secret").setSelectionRange(20, 20)')
    await page.click('.password summary')
    const generate = page.locator('[data-password]')
    await generate.focus()
    await page.keyboard.press('Enter')
    const first = await page.inputValue('#secret')
    expect(first).toMatch(/^user: ana\npassword: [^\silIoO01]{16}\nsee you$/)
    expect(await page.textContent('#status')).toBe('Password inserted')
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/')

    await page.selectOption('#password_length', '32')
    for (const set of ['lowercase', 'uppercase', 'symbols']) await page.uncheck(`[value=${set}]`)
    await generate.click()
    expect(await page.inputValue('#secret')).toMatch(/^user: ana\npassword: [2-9]{32}\nsee you$/)
    await page.press('#secret', 'Control+z')
    expect(await page.inputValue('#secret')).toBe(first)

    await page.uncheck('[value=numbers]')
    await generate.click()
    expect(await page.inputValue('#secret')).toBe(first)
    expect(await page.textContent('#password-error')).toBe('Choose at least one kind of character.')
    expect(await page.evaluate('document.activeElement.value')).toBe('lowercase')
    await stage.capture('no characters')
    await page.check('[value=symbols]')
    await page.evaluate('document.getElementById("secret").select()')
    await generate.click()
    expect(await page.inputValue('#secret')).toMatch(/^[*$!?()]{32}$/)
    expect(await page.locator('#password-error').count()).toBe(0)
    await stage.leave()
  })

  it('is not sent when its text is too long, and says so at the field', async () => {
    const stage = await enter(browser, server.url, { name: 'sender/too-long' })
    const { page } = stage
    await page.goto('/')
    const sent: string[] = []
    page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()))
    await page.fill('#secret', 'ü'.repeat(65_000))
    await page.press('#secret', 'Control+Enter')
    const error = page.locator('#secret-error')
    expect(await error.textContent()).toBe('The secret is too long: the maximum is 10,000 bytes.')
    expect(await page.getAttribute('#secret', 'aria-describedby')).toBe('secret-error')
    expect(await page.evaluate('document.activeElement.id')).toBe('secret')
    await stage.capture('too long')
    await page.fill('#secret', 'short')
    await error.waitFor({ state: 'detached' })
    await page.fill('#passphrase', 'ü'.repeat(513))
    await page.click('form .primary')
    expect(await page.getAttribute('#passphrase', 'aria-describedby')).toBe(
      'passphrase-error passphrase-hint',
    )
    expect(sent).toEqual([])
    await page.fill('#passphrase', '')
    await page.press('#secret', 'Control+Enter')
    expect(await reveal(page)).toBe('short')
    await stage.leave()
  })

  it('asks before it is left with a text, but not when it is sent or empty', async () => {
    const stage = await enter(browser, server.url, { name: 'sender/leaving' })
    const { page } = stage
    const asked: string[] = []
    let answer: 'stay' | 'leave' = 'stay'
    page.on('dialog', async (dialog) => {
      asked.push(dialog.type())
      await (answer === 'stay' ? dialog.dismiss() : dialog.accept())
    })
    await page.goto('/')
    await page.click('footer a[href="/api"]')
    await page.waitForURL('/api')
    await page.goto('/')
    await page.fill('#secret', 'not yet sent')
    await page.click('footer a[href="/api"]')
    await expect.poll(() => asked).toEqual(['beforeunload'])
    expect(await page.inputValue('#secret')).toBe('not yet sent')

    await chooseLanguage(page, 'Deutsch')
    await page.locator('h1', { hasText: 'Geheimnis' }).waitFor()
    expect(await page.inputValue('#secret')).toBe('not yet sent')
    await page.click('header [form]')
    await page.locator('#token').waitFor()
    expect(asked).toHaveLength(1)
    await page.click('.brand')
    await expect.poll(() => asked).toHaveLength(2)
    await signIn(page)
    expect(await page.inputValue('#secret')).toBe('not yet sent')
    answer = 'leave'
    await page.click('header a[href="/recent"]')
    await page.waitForURL('/recent')
    expect(asked).toHaveLength(3)
    await stage.leave()
  })

  it('shows and announces that it is on its way, and is sent once', async () => {
    const stage = await enter(browser, server.url, { name: 'sender/busy' })
    const { page } = stage
    const sent: string[] = []
    page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()))
    await page.goto('/')
    await page.fill('#secret', 'once')
    // Notes what the page shows while it is on its way, and tries to send it again.
    await page.evaluate(`addEventListener('submit', (event) => {
      const button = document.querySelector('form .primary')
      const status = document.getElementById('status')
      if (sessionStorage.busy) return (sessionStorage.again = event.defaultPrevented ? 'prevented' : 'sent')
      sessionStorage.busy = JSON.stringify([button.textContent, button.ariaBusy, status.textContent])
      setTimeout(() => button.click())
    })`)
    await page.press('#secret', 'Meta+Enter')
    expect(await reveal(page)).toBe('once')
    expect(JSON.parse(await page.evaluate('sessionStorage.busy'))).toEqual([
      'One moment…',
      'true',
      'One moment…',
    ])
    expect(await page.evaluate('sessionStorage.again')).toBe('prevented')
    expect(sent).toHaveLength(1)
    await page.goBack()
    await page.locator('form .primary', { hasText: 'Create link' }).waitFor()
    await stage.leave()
  })
})

it('F44: a form that is stopped on its way can be sent again, and asks before it is left', async () => {
  const stage = await enter(browser, server.url, { name: 'sender/stopped' })
  const { page } = stage
  await page.goto('/')
  await page.fill('#secret', 'stopped')
  // A driver can do nothing while a page is loaded, so the page itself stops that.
  await page.evaluate(`navigation.addEventListener('navigate', () => setTimeout(() => {
    const button = document.querySelector('form .primary')
    const under = button.textContent
    stop()
    const asks = !dispatchEvent(new Event('beforeunload', { cancelable: true }))
    sessionStorage.stopped = JSON.stringify([under, button.textContent, button.ariaBusy, asks])
    button.click()
  }), { once: true })`)
  await page.press('#secret', 'Control+Enter')
  await page.waitForURL('/private/*')
  expect(JSON.parse(await page.evaluate('sessionStorage.stopped'))).toEqual([
    'One moment…',
    'Create link',
    null,
    true,
  ])
  expect(await reveal(page)).toBe('stopped')
  await stage.leave()
})

describe.each([
  { name: 'script', javaScriptEnabled: true },
  { name: 'plain', javaScriptEnabled: false, viewport: NARROW },
])('F44: a sender, $name', ({ name, ...options }) => {
  it('loses nothing to another language, a password, an ended session and another sign-in', async () => {
    const stage = await enter(browser, server.url, { name: `sender/${name}`, ...options })
    const { page, capture } = stage
    const recent = async () =>
      (await api(server, basic()).get('/private/recent')).body as unknown as unknown[]
    await page.goto('/signin')
    await signIn(page)
    await page.fill('#secret', 'The password: ')
    await page.fill('#passphrase', 'tulip')
    await page.selectOption('#ttl', String(30 * 86_400))
    await page.fill('#recipient', 'foo@example.com')
    await chooseLanguage(page, 'Italiano')
    await page.locator('h1', { hasText: 'segreto' }).waitFor()
    await page.click('.password summary')
    await page.click('[data-password]')
    await expect.poll(() => page.inputValue('#secret')).toMatch(/^The password: .{16}$/)
    const secret = await page.inputValue('#secret')
    await chooseLanguage(page, 'English')
    await page.locator('h1', { hasText: 'secret' }).waitFor()

    const before = (await recent()).length
    await stage.context.clearCookies({ name: 'session' })
    await page.press('#passphrase', 'Enter')
    await page.locator('.alert', { hasText: 'You have been signed out' }).waitFor()
    await capture('signed out')
    expect((await recent()).length).toBe(before)
    await page.click('form .primary')
    await page.locator('#token').waitFor()
    await capture('signing in with a text')
    await page.click('main [formaction="/draft"]')
    await page.click('main [formaction="/draft?step=anonymous"]')
    await page.locator('.alert', { hasText: 'without an account' }).waitFor()
    await capture('without an account')
    expect(await page.inputValue('#secret')).toBe(secret)
    expect(await page.inputValue('#ttl')).toBe(String(7 * 86_400))
    await page.click('header [form]')
    await signIn(page)
    await capture('signed in again')
    expect(await page.inputValue('#secret')).toBe(secret)
    await page.fill('#passphrase', '')
    await page.press('#passphrase', 'Enter')
    expect(await reveal(page)).toBe(secret)
    expect((await recent()).length).toBe(before + 1)
    await stage.leave()
  })
})

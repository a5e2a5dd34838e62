import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA } from '../api/client.ts'
import { launchChromium } from '../support/chromium.ts'
import { enter } from './stage.ts'

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

/** Presses Tab until the element has the focus, which must be visible on every stop. */
async function tabTo(page: Page, selector: string): Promise<string[]> {
  const stops: string[] = []
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab')
    const [stop, outline] = (await page.evaluate(`[
      document.activeElement.id || document.activeElement.textContent.trim().slice(0, 20),
      getComputedStyle(document.activeElement).outlineStyle,
    ]`)) as [string, string]
    stops.push(stop)
    expect(outline, `the focus on ${stop}`).not.toBe('none')
    if (await page.locator(selector).evaluate((element, active) => element === active, await active(page)))
      return stops
  }
  throw new Error(`Tab never led to ${selector}: ${stops.join(', ')}`)
}

const active = (page: Page) => page.evaluateHandle('document.activeElement')

describe('with the keyboard alone', () => {
  it('a secret can be created, shared, revealed, copied and hidden', async () => {
    const permissions = ['clipboard-write']
    const stage = await enter(browser, server.url, { name: 'keyboard', permissions })
    const { page } = stage
    await page.goto('/')
    expect((await tabTo(page, '#secret'))[0]).toBe('Skip to content')
    await page.keyboard.type('typed, not clicked')
    const order = await tabTo(page, 'form .primary')
    expect(order).toEqual(['Generate a password', 'passphrase', 'Show Passphrase', 'ttl', 'Create link'])
    await stage.capture('focus on a button')
    await page.keyboard.press('Enter')
    await page.locator('#link').waitFor()
    expect(await page.evaluate('document.activeElement.dataset.copy')).toBe('link')
    await page.keyboard.press('Space')
    await page.locator('[data-copy=link]', { hasText: 'Copied' }).waitFor()
    expect(await page.textContent('#status')).toBe('Copied')

    await page.goto((await page.textContent('#link')) ?? '')
    await tabTo(page, 'form .primary')
    await page.keyboard.press('Enter')
    await page.locator('#revealed').waitFor()
    expect(await page.evaluate('document.activeElement.id')).toBe('main')
    await tabTo(page, '.secret summary')
    await page.keyboard.press('Space')
    expect(await page.locator('#revealed').isVisible()).toBe(false)
    await page.keyboard.press('Space')
    await tabTo(page, '[data-copy=revealed]')
    await page.keyboard.press('Enter')
    await page.locator('[data-copy=revealed]', { hasText: 'Copied' }).waitFor()
    await stage.leave()
  })

  it('a secret can be burned', async () => {
    const stage = await enter(browser, server.url, { name: 'keyboard' })
    const { page } = stage
    await page.goto('/')
    await tabTo(page, '.password summary')
    await page.keyboard.press('Enter')
    await tabTo(page, '[data-password]')
    await page.keyboard.press('Enter')
    expect(await page.inputValue('#secret')).toMatch(/^.{16}$/)
    await tabTo(page, 'form .primary')
    await page.keyboard.press('Enter')
    await page.locator('#link').waitFor()
    await tabTo(page, '.burn summary')
    await page.keyboard.press('Enter')
    await tabTo(page, '.burn button')
    await page.keyboard.press('Enter')
    await page.locator('h1', { hasText: 'The secret was deleted unopened' }).waitFor()
    await stage.leave()
  })

  it('the skip link leads past the header', async () => {
    const stage = await enter(browser, server.url, { name: 'keyboard' })
    const { page } = stage
    await page.goto('/')
    await page.keyboard.press('Tab')
    await stage.capture('skip link')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.id')).toBe('secret')
    await stage.leave()
  })

  it('the focus moves to the invalid field', async () => {
    const stage = await enter(browser, server.url, { name: 'keyboard' })
    const { page } = stage
    await page.goto('/')
    await page.fill('#secret', 'x')
    await page.fill('#passphrase', 'p'.repeat(1025))
    await page.press('#passphrase', 'Enter')
    await page.locator('.error').waitFor()
    expect(await page.evaluate('document.activeElement.id')).toBe('passphrase')
    await stage.leave()
  })
})

it('without script, the focus is on the link of a new secret, and no longer on its receipt later', async () => {
  const stage = await enter(browser, server.url, { name: 'keyboard', javaScriptEnabled: false })
  const { page } = stage
  await page.goto('/')
  await page.fill('#secret', 'x')
  await page.click('form .primary')
  await page.locator('.value:focus #link').waitFor()
  await page.reload()
  await page.locator('#link').waitFor()
  expect(await page.locator(':focus').count()).toBe(0)
  await stage.leave()
})

describe('with script', () => {
  it('the link goes to the share sheet where the browser has one, and the page survives its failure', async () => {
    const stage = await enter(browser, server.url, { name: 'share' })
    const { page } = stage
    const create = async () => {
      await page.goto('/')
      await page.fill('#secret', 'x')
      await page.click('form .primary')
      await page.locator('[data-copy=link]').waitFor()
    }
    await create()
    expect(await page.locator('[data-share]').isVisible()).toBe(false)
    await page.addInitScript(`navigator.share = async (data) => {
      document.title = JSON.stringify(data)
      throw new DOMException('closed', 'AbortError')
    }`)
    await create()
    await page.getByRole('button', { name: 'Share link', exact: true }).click()
    const url = (await page.textContent('#link')) ?? ''
    await expect.poll(() => page.title()).toBe(JSON.stringify({ url }))
    await stage.leave()
  })

  it('the passphrase can be shown, and bytes are counted from half of the maximum on', async () => {
    const stage = await enter(browser, server.url, { name: 'script' })
    const { page } = stage
    await page.goto('/')
    await page.fill('#passphrase', 'tulip')
    await page.click('[data-show=passphrase]')
    expect(await page.getAttribute('#passphrase', 'type')).toBe('text')
    expect(await page.textContent('[data-show=passphrase] span')).toBe('Hide')
    await page.click('[data-show=passphrase]')
    expect(await page.getAttribute('#passphrase', 'type')).toBe('password')

    const counter = page.locator('.counter')
    await page.fill('#secret', 'ü'.repeat(2499))
    expect(await counter.isVisible()).toBe(false)
    await page.fill('#secret', 'ü'.repeat(2500))
    expect(await counter.textContent()).toBe('5,000 of 10,000 bytes')
    await page.fill('#secret', `${'ü'.repeat(5000)}x`)
    expect(await counter.textContent()).toBe('10,001 of 10,000 bytes')
    await stage.capture('too many bytes')
    await stage.leave()
  })

  it('Back from the receipt leads to a form that can be sent again', async () => {
    const stage = await enter(browser, server.url, { name: 'script' })
    const { page } = stage
    await page.goto('/')
    await page.fill('#secret', 'one of several')
    await page.click('form .primary')
    await page.locator('#link').waitFor()
    await page.goBack()
    await page.fill('#secret', 'another one')
    await page.click('form .primary')
    await page.locator('#link').waitFor()
    await stage.leave()
  })
})

it('the print of a secret or a receipt leaves out navigation and buttons', async () => {
  const stage = await enter(browser, server.url, { name: 'print', viewport: { width: 794, height: 1123 } })
  const { page } = stage
  await page.goto('/')
  await page.fill('#secret', 'on paper')
  await page.click('form .primary')
  await page.locator('#link').waitFor()
  await page.emulateMedia({ media: 'print' })
  await stage.capture('receipt')
  expect(await page.locator('header nav').isVisible()).toBe(false)
  expect(await page.locator('.qr').isVisible()).toBe(true)
  const link = (await page.textContent('#link')) ?? ''
  await page.emulateMedia({ media: 'screen' })
  await page.goto(link)
  await page.click('form .primary')
  await page.locator('#revealed').waitFor()
  await page.emulateMedia({ media: 'print' })
  await stage.capture('secret')
  expect(await page.locator('#revealed').isVisible()).toBe(true)
  expect(await page.locator('button').first().isVisible()).toBe(false)
  await stage.leave()
})

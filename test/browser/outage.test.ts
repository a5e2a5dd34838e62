import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type MessageKey, translate } from '../../src/i18n/catalog.ts'
import { parseLocale } from '../../src/i18n/locale.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, api } from '../api/client.ts'
import { launchChromium } from '../support/chromium.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { startSmtpServer, type TestSmtpServer } from '../support/smtp.ts'
import { READERS } from './spectators.ts'
import { enter, type Stage } from './stage.ts'

let redis: RedisServer
let smtp: TestSmtpServer
let server: TestServer
let browser: Browser
beforeAll(async () => {
  redis = await startRedis()
  smtp = await startSmtpServer('accept', [], {
    onRcptTo: ({ address }, _session, callback) =>
      callback(
        address.startsWith('unknown')
          ? Object.assign(new Error('5.1.1 unknown'), { responseCode: 550 })
          : undefined,
      ),
  })
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: {
      REDIS_URL: redis.url,
      ROOT_KEY: '3e9d5b80264e8c1a7f3095d2b6e4c8a1f7093d5b2e67f3a9c1e5b2d8046a1f7c',
      SMTP_URL: smtp.url,
      MAIL_FROM: 'once@example.com',
    },
  })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await server.close()
  await Promise.all([smtp.close(), redis.stop()])
})

describe.each(READERS)('$name', (reader) => {
  const say = (key: MessageKey) => translate(parseLocale(reader.locale), key)
  const heading = ({ page }: Stage, key: MessageKey) => page.locator('h1', { hasText: say(key) }).waitFor()

  async function send({ page }: Stage, fields: Readonly<Record<'secret' | 'recipient', string>>) {
    await page.goto('/')
    await page.fill('#secret', fields.secret)
    await page.fill('#recipient', fields.recipient)
    await page.click('button.primary')
  }

  it('links are emailed to one, to several, and to some of several recipients', async () => {
    const stage = await enter(browser, server.url, { ...reader, name: `${reader.name}/mail` })
    const { page, capture } = stage
    await page.goto('/signin')
    await page.fill('#email', ANA.email)
    await page.fill('#token', ANA.token)
    await page.click('button.primary')
    await heading(stage, 'create.title')

    await send(stage, { secret: 'for one', recipient: 'anna@example.com' })
    await heading(stage, 'receipt.sent')
    await capture('an emailed link')
    await send(stage, { secret: 'for each', recipient: 'anna@example.com, bob@example.org, cem@example.net' })
    await heading(stage, 'sent.title')
    await capture('emailed links')
    await send(stage, { secret: 'for some', recipient: 'unknown@example.com, bob@example.org' })
    await page.locator('#recipient-error').waitFor()
    expect(await page.inputValue('#secret')).toBe('for some')
    expect(await page.inputValue('#recipient')).toBe('unknown@example.com')
    await capture('an email that failed')
    await stage.leave()
  })

  it('while the store is away, sender and recipient are told so, and go on where they were when it is back', async () => {
    const sender = await enter(browser, server.url, { ...reader, name: `${reader.name}/store-away` })
    const recipient = await enter(browser, server.url, { ...reader, name: `${reader.name}/link-away` })
    const { secret_key } = (await api(server).post('/share', { secret: 'still there' })).body
    await sender.page.goto('/')
    await sender.page.fill('#secret', 'long work')
    await recipient.page.goto(`/secret/${secret_key}`)

    await redis.kill()
    await sender.page.click('button.primary')
    await sender.page.locator('.alert').waitFor()
    expect(await sender.page.inputValue('#secret')).toBe('long work')
    await sender.capture('the form while the store is away')
    await recipient.page.click('button.primary')
    await heading(recipient, 'error.title')
    await recipient.capture('a secret that cannot be revealed now')
    await recipient.page.goto(`/secret/${secret_key}`)
    await heading(recipient, 'error.title')
    await recipient.capture('a link while the store is away')

    await redis.start()
    await expect.poll(async () => (await fetch(`${server.url}/secret/${secret_key}`)).status).toBe(200)
    await recipient.page.reload()
    await recipient.page.click('button.primary')
    await recipient.page.locator('#revealed').waitFor()
    expect(await recipient.page.textContent('#revealed')).toBe('still there')
    await sender.page.click('button.primary')
    await heading(sender, 'receipt.new')
    await Promise.all([sender.leave(), recipient.leave()])
  })
})

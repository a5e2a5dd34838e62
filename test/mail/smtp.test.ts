import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DomainError } from '../../src/errors.ts'
import { FALLBACK_LOCALE, LOCALES } from '../../src/i18n/catalog.ts'
import { conventionsOf, directionOf } from '../../src/i18n/locale.ts'
import type { Invitation, Mailer } from '../../src/mail/mailer.ts'
import { createSmtpMailer } from '../../src/mail/smtp.ts'
import { milliseconds } from '../../src/time.ts'
import { type Conduct, startSmtpServer, type TestSmtpServer } from '../support/smtp.ts'

const LINK = 'https://secrets.example.com/secret/abc0123456789012345678901234567'
const SITE = 'Example Secrets'
const PUBLIC_URL = 'https://secrets.example.com'

const invitation: Invitation = {
  to: 'bo@example.org',
  link: LINK,
  sender: 'ana@example.com',
  locale: FALLBACK_LOCALE,
  expires: milliseconds(Date.UTC(2026, 2, 5, 14, 0)),
}

let server: TestSmtpServer
let mailer: Mailer

async function start(conduct: Conduct = 'accept', timeoutMs = 60_000) {
  server = await startSmtpServer(conduct)
  mailer = mailerTo(server.url, timeoutMs)
}

function mailerTo(url: string, timeoutMs = 60_000): Mailer {
  const from = { name: 'Sécrets, “by” mail', address: 'no-reply@example.com' }
  return createSmtpMailer({ url, from, siteName: SITE, publicUrl: PUBLIC_URL, timeoutMs })
}

async function failureOf(sending: Promise<void>): Promise<DomainError> {
  const error = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof DomainError)) throw new Error(`expected a DomainError, got ${error}`)
  return error
}

afterEach(() => server.close())

describe('an accepted email (docs/api/v1.md section 5)', () => {
  beforeEach(() => start())

  it('is sent once, to one address, from the site, with replies going to the sender', async () => {
    await mailer.send(invitation)
    expect(server.emails).toHaveLength(1)
    const [email] = server.emails
    expect(email?.envelope).toEqual({ from: 'no-reply@example.com', to: ['bo@example.org'] })
    expect(email?.parsed.from?.value).toEqual([
      { name: 'Sécrets, “by” mail', address: 'no-reply@example.com' },
    ])
    expect(email?.parsed.replyTo?.value).toEqual([{ name: '', address: 'ana@example.com' }])
    expect(email?.parsed.headers.get('auto-submitted')).toBe('auto-generated')
    expect(email?.parsed.headers.has('x-mailer')).toBe(false)
  })

  it('names the sender, the link and the expiry, as text and as HTML', async () => {
    await mailer.send(invitation)
    const { subject, text, html } = server.emails[0]?.parsed ?? {}
    expect(subject).toBe('ana@example.com sent you a secret that opens once')
    for (const body of [text, html]) {
      expect(body).toContain('ana@example.com')
      expect(body).toContain(LINK)
      expect(body).toContain('March 5, 2026 at 14:00 UTC')
      expect(body).toContain(SITE)
    }
  })

  it('loads no image, style sheet or script when opened', async () => {
    await mailer.send(invitation)
    const html = String(server.emails[0]?.parsed.html)
    expect(html).not.toMatch(/<(img|link|script|iframe|style|object)|url\(|@import|\bsrc=/i)
    expect(html.match(/https?:/g)).toHaveLength(2)
  })

  it.each(LOCALES)('is written in %s', async (locale) => {
    await mailer.send({ ...invitation, locale })
    const { subject, text, html } = server.emails[0]?.parsed ?? {}
    expect(subject).toContain('ana@example.com')
    expect(text).toContain(LINK)
    expect(html).toContain(`<html lang="${conventionsOf(locale)}" dir="${directionOf(locale)}">`)
    expect(String(text) + subject).not.toMatch(/[{}\uFFFD]/)
    if (locale !== 'en') expect(text).not.toContain('Hello')
  })

  it('goes to each of ten recipients on its own, sent at once', async () => {
    const addresses = Array.from({ length: 10 }, (_, index) => `person${index}@example.org`)
    await Promise.all(addresses.map((to) => mailer.send({ ...invitation, to })))
    expect(server.emails.flatMap((email) => email.envelope.to).sort()).toEqual(addresses)
    for (const email of server.emails) expect(email.raw.match(/person\d@example\.org/g)).toHaveLength(1)
  })

  it('shows markup in the sender and the link as text (F8)', async () => {
    const sender = "o'hara&<b>@example.com".replace('<b>', '')
    await mailer.send({ ...invitation, sender, link: `${LINK}?a=1&b="><script>` })
    const { html } = server.emails[0]?.parsed ?? {}
    expect(html).toContain('o&#39;hara&amp;@example.com')
    expect(html).not.toContain('<script>')
  })
})

describe('an address that is not one plain address', () => {
  beforeEach(() => start())

  const hostile = [
    'bo@example.org\r\nBcc: eve@evil.example',
    'bo@example.org\nSubject: other',
    'bo@example.org\0',
    'bo@example.org, eve@evil.example',
    'bo@example.org; eve@evil.example',
    'Bo <eve@evil.example>',
    '"bo\r\n"@example.org',
    'bo@example.org> SIZE=1\r\nRCPT TO:<eve@evil.example',
    'group:eve@evil.example;',
    'bo@example.org\u2028Bcc: eve@evil.example',
    'bo@\u202eexample.org',
    'nobody',
    '',
  ]

  it.each(hostile)('is rejected as the recipient: %j', async (to) => {
    expect(await failureOf(mailer.send({ ...invitation, to }))).toMatchObject({
      code: 'undeliverable_address',
      detail: { subject: to },
    })
    expect(server.emails).toHaveLength(0)
  })

  it.each(hostile)('is rejected as the sender: %j', async (sender) => {
    expect((await failureOf(mailer.send({ ...invitation, sender }))).code).toBe('email_failed')
    expect(server.emails).toHaveLength(0)
  })

  it('keeps line ends in a name inside that name', async () => {
    const from = { name: 'Site\r\nBcc: eve@evil.example', address: 'no-reply@example.com' }
    await createSmtpMailer({ url: server.url, from, siteName: 'a\r\nb', publicUrl: PUBLIC_URL }).send(
      invitation,
    )
    const [email] = server.emails
    expect(email?.envelope.to).toEqual(['bo@example.org'])
    expect(email?.parsed.bcc).toBeUndefined()
    expect(email?.parsed.from?.value[0]?.address).toBe('no-reply@example.com')
  })
})

describe('an email that is not accepted fails the request (F20; docs/api/v1.md section 5)', () => {
  it('when the server rejects the recipient, with the codes and no address in the error', async () => {
    await start('reject')
    const { code, detail } = await failureOf(mailer.send(invitation))
    expect(code).toBe('email_failed')
    expect(String(detail.cause)).toContain('550 5.1.1')
    expect(String(detail.cause)).not.toContain('@')
  })

  it.each(['silent', 'stall'] as const)(
    'within the timeout, when the server keeps the connection open: %s',
    async (conduct) => {
      await start(conduct, 300)
      // By itself the library would wait longer than a test may take.
      expect((await failureOf(mailer.send(invitation))).code).toBe('email_failed')
      await expect.poll(() => server.connections()).toBe(0)
      expect(server.emails).toHaveLength(0)
    },
  )

  it('when the connection breaks during the transfer', async () => {
    await start('drop')
    expect((await failureOf(mailer.send(invitation))).code).toBe('email_failed')
  })

  it('when the connection is refused', async () => {
    await start()
    await server.close()
    const { code, detail } = await failureOf(mailer.send(invitation))
    expect(code).toBe('email_failed')
    expect(String(detail.cause)).not.toMatch(/[@]|secret\//)
  })
})

describe('the connection to the SMTP server', () => {
  it('authenticates with the percent-decoded user and password of SMTP_URL', async () => {
    server = await startSmtpServer('accept', ['AUTH'])
    await mailerTo(server.url.replace('//', '//mail%40er:right%3A%20%2F%20%40@')).send(invitation)
    expect(server.emails[0]?.user).toBe('mail@er')
  })

  it('fails when the password is wrong, without repeating the password in the error', async () => {
    server = await startSmtpServer('accept', ['AUTH'])
    const error = await failureOf(mailerTo(server.url.replace('//', '//mailer:hunter22@')).send(invitation))
    expect(error.code).toBe('email_failed')
    expect(String(error.detail.cause)).not.toContain('hunter22')
  })

  it('sends nothing in clear when TLS is required but not offered', async () => {
    server = await startSmtpServer()
    expect((await failureOf(mailerTo(`${server.url}?tls=required`).send(invitation))).code).toBe(
      'email_failed',
    )
    expect(server.emails).toHaveLength(0)
  })

  it('sends nothing to a server whose certificate does not verify', async () => {
    server = await startSmtpServer('accept', ['STARTTLS'])
    expect((await failureOf(mailerTo(server.url).send(invitation))).code).toBe('email_failed')
    expect(server.emails).toHaveLength(0)
  })

  it('uses TLS from the first byte with smtps:// and never falls back to plain text', async () => {
    server = await startSmtpServer()
    const error = await failureOf(mailerTo(server.url.replace('smtp:', 'smtps:')).send(invitation))
    expect(error.code).toBe('email_failed')
    expect(server.emails).toHaveLength(0)
  })
})

import { describe, expect, it, onTestFinished } from 'vitest'
import { FALLBACK_LOCALE } from '../../src/i18n/catalog.ts'
import { greetingName } from '../../src/mail/greeting-name.ts'
import { createSmtpMailer } from '../../src/mail/smtp.ts'
import { milliseconds } from '../../src/time.ts'
import { startSmtpServer } from '../support/smtp.ts'

const FROM = 'no-reply@bücher.example'

describe('the name in the greeting (RFC 5321 section 4.1.1.1)', () => {
  it.each([
    ['https://secrets.example.com', 'secrets.example.com'],
    ['https://Secrets.Example.com.:8443/base', 'secrets.example.com'],
    ['https://geheim.müller.example', 'geheim.xn--mller-kva.example'],
  ])('F34: is the host of PUBLIC_URL in ASCII: %s', (publicUrl, name) => {
    expect(greetingName(publicUrl, FROM)).toBe(name)
  })

  it.each([
    'http://127.0.0.1:3000',
    'http://[::1]:3000',
    'https://192.0.2.7',
    'http://localhost:3000',
    'http://emberlink:3000',
    'https://my_host.example.com',
    'https://example.com-',
  ])('F34: is the domain of MAIL_FROM when the host of PUBLIC_URL is no dotted name: %s', (publicUrl) => {
    expect(greetingName(publicUrl, FROM)).toBe('xn--bcher-kva.example')
  })

  it('F34: reaches the SMTP server, whatever this machine is called', async () => {
    const server = await startSmtpServer()
    onTestFinished(() => server.close())
    const mailer = createSmtpMailer({
      url: server.url,
      from: { name: '', address: 'no-reply@example.com' },
      siteName: 'Emberlink',
      publicUrl: 'https://secrets.example.com/base',
    })
    await mailer.send({
      to: 'bo@example.org',
      link: 'https://secrets.example.com/base/secret/x',
      sender: 'ana@example.com',
      locale: FALLBACK_LOCALE,
      expires: milliseconds(0),
    })
    expect(server.emails[0]?.greeting).toBe('secrets.example.com')
  })
})

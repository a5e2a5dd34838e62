import { describe, expect, it } from 'vitest'
import { parseSmtpUrl } from '../../src/mail/smtp-url.ts'

describe('SMTP_URL', () => {
  it.each([
    ['smtp://mail.example.com', 587, 'opportunistic'],
    ['smtp://mail.example.com?tls=required', 587, 'starttls'],
    ['smtp://mailer:pw@mail.example.com:2525', 2525, 'starttls'],
    ['smtp://mailer:pw@mail.example.com?tls=off', 587, 'none'],
    ['smtp://mailer:pw@127.0.0.1', 587, 'opportunistic'],
    ['smtp://mailer:pw@localhost?tls=required', 587, 'starttls'],
    ['smtps://mail.example.com', 465, 'tls'],
    ['smtps://mailer:pw@mail.example.com:4650', 4650, 'tls'],
  ])(
    'F36: requires TLS for a password, unless the server is on this machine: %s',
    (url, port, encryption) => {
      expect(parseSmtpUrl(url)).toMatchObject({ port, encryption })
    },
  )

  it.each([
    ['smtp://[2001:db8::1]', '2001:db8::1'],
    ['smtp://Mail.Example.COM.', 'mail.example.com'],
    ['smtp://mail.müller.example', 'mail.xn--mller-kva.example'],
  ])('has its host in ASCII: %s', (url, host) => {
    expect(parseSmtpUrl(url).host).toBe(host)
  })

  it('has its user and password decoded', () => {
    expect(parseSmtpUrl('smtps://a%40b:p%3A%2F%23@h').login).toEqual({ user: 'a@b', pass: 'p:/#' })
  })
})

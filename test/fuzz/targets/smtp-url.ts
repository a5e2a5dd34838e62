import { strict as assert } from 'node:assert'
import { mailbox, smtpUrl } from '../../../src/config/credentials.ts'
import { Rejection } from '../../../src/config/value-types.ts'
import { isLoopback } from '../../../src/host.ts'
import { parseSmtpUrl } from '../../../src/mail/smtp-url.ts'
import { accepted } from '../accepted.ts'
import type { Target } from '../target.ts'

const isRejection = (error: unknown) => error instanceof Rejection

/** The address of the SMTP server, and that of the sender. */
export const target: Target = {
  name: 'smtp-url',
  input: 'SMTP_URL, or MAIL_FROM',
  seeds: () => [
    'smtp://user:p%40ss@mail.example:2525?tls=off',
    'smtps://u:p@[::1]',
    'smtp://m\u00fcller.example./',
    'smtp://127.0.0.1:25?tls=required',
    'One-time secrets <secrets@example.com>',
  ],
  run(input) {
    const text = input.toString()
    const from = accepted(() => mailbox.parse(text), isRejection)
    if (from !== undefined) assert.doesNotMatch(from.name + from.address, /[\r\n<>"]/)
    if (accepted(() => smtpUrl.parse(text), isRejection) === undefined) return
    const { host, port, encryption, login } = parseSmtpUrl(text)
    assert.match(host, /^[^\s/@[\]]+$/)
    assert.ok(port >= 0 && port <= 65_535)
    const isOpen = encryption === 'none' || encryption === 'opportunistic'
    assert.ok(
      login === undefined || !isOpen || isLoopback(host) || text.includes('?tls=off'),
      'a password leaves in clear',
    )
  },
}

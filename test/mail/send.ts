import { DomainError } from '../../src/errors.ts'
import { FALLBACK_LOCALE } from '../../src/i18n/catalog.ts'
import { SmtpFailure } from '../../src/mail/failure.ts'
import { createSmtpMailer } from '../../src/mail/smtp.ts'
import { milliseconds } from '../../src/time.ts'

/** What must appear in no failure. */
const SENSITIVE = [
  'bo@',
  'example.org',
  'ana@',
  'example.com',
  'hunter22',
  'aHVudGVyMjI',
  'mailer',
  'secret/',
]

/**
 * Sends one email.
 *
 * @param caFile The authorities to trust.
 */
export function sendTo(url: string, timeoutMs = 10_000, caFile?: string): Promise<void> {
  const mailer = createSmtpMailer({
    url,
    from: { name: 'Site', address: 'no-reply@example.com' },
    siteName: 'Site',
    publicUrl: 'https://secrets.example.com',
    timeoutMs,
    ...(caFile !== undefined && { caFile }),
  })
  return mailer.send({
    to: 'bo@example.org',
    link: 'https://secrets.example.com/secret/abc0123456789012345678901234567',
    sender: 'ana@example.com',
    locale: FALLBACK_LOCALE,
    expires: milliseconds(0),
  })
}

/**
 * Sends one email that must not be accepted.
 * @returns Why not, which holds nothing sensitive.
 */
export async function failureOf(url: string, timeoutMs?: number): Promise<SmtpFailure> {
  const error: unknown = await sendTo(url, timeoutMs).catch((reason: unknown) => reason)
  if (!(error instanceof DomainError && error.code === 'email_failed' && error.cause instanceof SmtpFailure))
    throw new Error(`expected an SMTP failure, got ${String(error)}`)
  const { cause } = error
  const shown = SENSITIVE.filter((mark) => cause.message.includes(mark))
  if (shown.length > 0) throw new Error(`the failure shows ${shown}: ${cause.message}`)
  return cause
}

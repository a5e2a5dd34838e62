import { createTransport } from 'nodemailer'
import { isEmailAddress } from '../accounts/email-address.ts'
import { DomainError } from '../errors.ts'
import { composeInvitation } from './invitation.ts'
import type { Invitation, Mailer } from './mailer.ts'

const TIMEOUT_MS = 10_000

/** The SMTP server that sends the emails, and their sender. */
export interface SmtpOptions {
  /** `smtp://` or `smtps://`, with percent-encoded user and password if needed; `?tls=required` requires STARTTLS. */
  readonly url: string
  readonly from: { readonly name: string; readonly address: string }
  /** Signs the emails. */
  readonly siteName: string
  /** Maximum time for one email, from resolving the host to the server's acceptance. 10,000 by default. */
  readonly timeoutMs?: number
}

/**
 * Creates a mailer that opens a connection for each email. With `smtp://`, STARTTLS encrypts it if the server offers that.
 * An invalid certificate is always rejected.
 */
export function createSmtpMailer({ url, from, siteName, timeoutMs = TIMEOUT_MS }: SmtpOptions): Mailer {
  const transport = createTransport(connectionOptions(new URL(url)))

  async function send(invitation: Invitation): Promise<void> {
    const { to, sender } = invitation
    // An unchecked address could inject a header or a second recipient.
    if (!isEmailAddress(to)) throw new DomainError('undeliverable_address', { subject: to })
    if (!isEmailAddress(sender)) throw failure(new Error('the sender is not an email address'))
    try {
      await transport.sendMail({
        from: { ...from },
        to: { name: '', address: to },
        replyTo: { name: '', address: sender },
        headers: { 'Auto-Submitted': 'auto-generated' },
        ...composeInvitation(invitation, siteName),
        signal: AbortSignal.timeout(timeoutMs),
      })
    } catch (error) {
      throw failure(new Error(describe(error)))
    }
  }
  return { send }
}

function connectionOptions(url: URL) {
  const secure = url.protocol === 'smtps:'
  const auth = { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    secure,
    requireTLS: url.searchParams.get('tls') === 'required',
    ...(auth.user === '' ? {} : { auth }),
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

function failure(cause: Error): DomainError {
  return new DomainError('email_failed', { cause })
}

/** Returns only the codes of a failure (`EENVELOPE RCPT TO 550 5.1.1`), because responses of servers quote addresses. */
function describe(error: unknown): string {
  const { code, command, responseCode, response } = error as Record<string, unknown>
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(String(response))?.[1]
  return [code, command, responseCode, enhanced].filter((part) => part !== undefined).join(' ')
}

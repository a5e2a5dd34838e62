import { createTransport } from 'nodemailer'
import { isEmailAddress } from '../accounts/email-address.ts'
import { DomainError } from '../errors.ts'
import { composeInvitation } from './invitation.ts'
import type { Invitation, Mailer } from './mailer.ts'

const HAND_OVER_MS = 10_000

/** The SMTP server that takes the emails, and the identity they are sent under. */
export interface SmtpOptions {
  /** `smtp://` or `smtps://`, with percent-encoded user and password if needed; `?tls=required` insists on STARTTLS. */
  readonly url: string
  readonly from: { readonly name: string; readonly address: string }
  /** Signs the emails. */
  readonly siteName: string
  /** Milliseconds for one hand-over, from resolving the host to the server's acceptance. */
  readonly timeoutMs?: number
}

/**
 * Creates a mailer that hands each email over on its own connection. With `smtp://` the connection is encrypted if the
 * server offers STARTTLS; a certificate that does not verify is rejected either way.
 */
export function createSmtpMailer({ url, from, siteName, timeoutMs = HAND_OVER_MS }: SmtpOptions): Mailer {
  const transport = createTransport(connectionOptions(new URL(url)))

  async function send(invitation: Invitation): Promise<void> {
    const { to, sender } = invitation
    // Nothing in an address may end a header or name a second recipient.
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

/** Returns the codes of a failure alone, as servers repeat addresses in their answers: `EENVELOPE RCPT TO 550 5.1.1`. */
function describe(error: unknown): string {
  const { code, command, responseCode, response } = error as Record<string, unknown>
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(String(response))?.[1]
  return [code, command, responseCode, enhanced].filter((part) => part !== undefined).join(' ')
}

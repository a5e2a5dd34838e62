import { createTransport } from 'nodemailer'
import { DomainError } from '../errors.ts'
import type { Invitation, Mailer } from './mailer.ts'
import { composeInvitation } from './messages.ts'

const HAND_OVER_MS = 10_000

// Narrower than RFC 5322: one address without quoting, so that nothing in it can end a header or name a second one.
const PLAIN_ADDRESS = /^[^\s\p{C}@,;:<>()[\]"\\]+@[^\s\p{C}@,;:<>()"\\]+$/u

/** Where and as whom to hand mails over. */
export interface SmtpOptions {
  /** `smtp://` or `smtps://`, with percent-encoded user and password if there are any; `?tls=required` for STARTTLS or nothing. */
  readonly url: string
  readonly from: { readonly name: string; readonly address: string }
  /** Signs the mails. */
  readonly siteName: string
  /** Milliseconds for one hand-over, from the look-up of the host to the server's yes. */
  readonly timeoutMs?: number
}

/**
 * Hands each mail over on a connection of its own. With `smtp://` the connection is encrypted if the server offers
 * STARTTLS; a certificate that does not verify is refused either way.
 */
export function createSmtpMailer({ url, from, siteName, timeoutMs = HAND_OVER_MS }: SmtpOptions): Mailer {
  const transport = createTransport(connectionOptions(new URL(url)))

  async function send(invitation: Invitation): Promise<void> {
    const { to, sender } = invitation
    if (!PLAIN_ADDRESS.test(to)) throw new DomainError('undeliverable_address', { subject: to })
    if (!PLAIN_ADDRESS.test(sender)) throw failure(new Error('the sender is not a plain address'))
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
  return new DomainError('mail_failed', { cause })
}

/** Servers repeat addresses in their answers, so only codes are kept: `EENVELOPE RCPT TO 550 5.1.1`. */
function describe(error: unknown): string {
  const { code, command, responseCode, response } = error as Record<string, unknown>
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(String(response))?.[1]
  return [code, command, responseCode, enhanced].filter((part) => part !== undefined).join(' ')
}

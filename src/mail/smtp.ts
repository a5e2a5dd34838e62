import { readFileSync } from 'node:fs'
import MailComposer from 'nodemailer/lib/mail-composer'
import { isEmailAddress } from '../accounts/email-address.ts'
import { DomainError } from '../errors.ts'
import { isLoopback } from '../host.ts'
import { greetingName } from './greeting-name.ts'
import { composeInvitation } from './invitation.ts'
import type { Invitation, Mailer } from './mailer.ts'
import { withSession } from './session.ts'
import { addressOf, parseSmtpUrl } from './smtp-url.ts'

const TIMEOUT_MS = 10_000

/** The SMTP server that sends the emails, and their sender. */
export interface SmtpOptions {
  /**
   * `smtp://` or `smtps://`, with percent-encoded user and password if needed; `?tls=required` requires STARTTLS, and
   * `?tls=off` permits a password in clear.
   */
  readonly url: string
  readonly from: { readonly name: string; readonly address: string }
  /** Signs the emails. */
  readonly siteName: string
  /** The public address of the site. Its host is the name in our greeting. */
  readonly publicUrl: string
  /** The path of a PEM file with the only authorities to trust; by default, those that Node.js trusts. */
  readonly caFile?: string
  /**
   * Maximum time for one email, from resolving the host to the server's acceptance; finding out why it failed may take a
   * second more. 10,000 by default.
   */
  readonly timeoutMs?: number
}

/**
 * Creates a mailer that opens a session for each email.
 *
 * @throws A system error when the file of authorities cannot be read.
 */
export function createSmtpMailer(options: SmtpOptions): Mailer {
  const { from, siteName } = options
  const session = sessionOf(options)

  async function send(invitation: Invitation): Promise<void> {
    const { to, sender } = invitation
    // An unchecked address could inject a header or a second recipient.
    if (!isEmailAddress(to)) throw new DomainError('undeliverable_address', { subject: to })
    if (!isEmailAddress(sender)) throw failure(new Error('the sender is not an email address'))
    const message = new MailComposer({
      from: { ...from },
      to: { name: '', address: to },
      replyTo: { name: '', address: sender },
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
      ...composeInvitation(invitation, siteName),
    })
    try {
      const content = await message.compile().build()
      await withSession(session, ({ send }) => send({ from: from.address, to, content }))
    } catch (error) {
      throw failure(error)
    }
  }
  return { send }
}

/** How a check of an SMTP server went. */
export interface SmtpCheck {
  /** `host:port`. */
  readonly address: string
  readonly greetingName: string
  readonly encrypted: boolean
  readonly loggedIn: boolean
  /** One line for each thing that may not be as intended. */
  readonly warnings: readonly string[]
}

/**
 * Connects to the SMTP server, greets and logs in, without sending an email.
 *
 * @throws SmtpFailure with the reason; a system error when the file of authorities cannot be read.
 */
export async function checkSmtp(options: SmtpOptions): Promise<SmtpCheck> {
  const session = sessionOf(options)
  const { server, greetingName } = session
  const { encrypted, loggedIn } = await withSession(session, async (opened) => opened)
  const warnings: string[] = []
  if (server.login !== undefined && !loggedIn)
    warnings.push('SMTP_URL has a password, but the SMTP server offers no login')
  if (!encrypted && !isLoopback(server.host))
    warnings.push(
      'emails and the links in them cross the network in clear: the SMTP server or SMTP_URL uses no TLS',
    )
  return { address: addressOf(server), greetingName, encrypted, loggedIn, warnings }
}

function sessionOf({ url, from, publicUrl, caFile, timeoutMs = TIMEOUT_MS }: SmtpOptions) {
  return {
    server: parseSmtpUrl(url),
    greetingName: greetingName(publicUrl, from.address),
    timeoutMs,
    ...(caFile !== undefined && { ca: readFileSync(caFile) }),
  }
}

function failure(cause: unknown): DomainError {
  return new DomainError('email_failed', { cause })
}

import type { Locale } from '../i18n/locale.ts'
import type { Milliseconds } from '../time.ts'

/** One email to one recipient. It says nothing of the secret itself and nothing that leads to the receipt page. */
export interface Invitation {
  /** The recipient's email address. */
  readonly to: string
  /** The secret link. */
  readonly link: string
  /** The email address of the sender's account; replies go there. */
  readonly sender: string
  readonly locale: Locale
  /** Unix time at which the secret expires. */
  readonly expires: Milliseconds
}

/** Hands emails over for delivery. */
export interface Mailer {
  /**
   * Settles when the email has been accepted.
   *
   * @throws DomainError `email_failed` when it was rejected or not accepted in time; `undeliverable_address`.
   */
  send(invitation: Invitation): Promise<void>
}

import type { Locale } from '../i18n/locale.ts'
import type { Milliseconds } from '../time.ts'

/** One email to one recipient. It contains neither the secret nor anything that leads to the receipt page. */
export interface Invitation {
  /** The recipient's email address. */
  readonly to: string
  /** The secret link. */
  readonly link: string
  /** The email address of the sender's account; replies go there. */
  readonly sender: string
  readonly locale: Locale
  /** When the secret expires. */
  readonly expires: Milliseconds
}

/** Sends emails. */
export interface Mailer {
  /**
   * Resolves when the email was accepted for delivery.
   *
   * @throws DomainError `email_failed` when it was rejected or not accepted in time; `undeliverable_address`.
   */
  send(invitation: Invitation): Promise<void>
}

import type { Locale } from '../i18n/catalog.ts'

/** One mail to one recipient. It says nothing of the content and nothing that leads to the sender's page. */
export interface Invitation {
  /** The recipient's e-mail address. */
  readonly to: string
  /** The link that opens the secret. */
  readonly link: string
  /** The e-mail address of the account that shares; answers go there. */
  readonly sender: string
  readonly locale: Locale
  /** Unix milliseconds until which the link works. */
  readonly expires: number
}

/** Hands mails over to whoever delivers them. */
export interface Mailer {
  /**
   * Settles when the mail has been taken.
   * @throws DomainError `mail_failed` when it was refused or not taken in time.
   */
  send(invitation: Invitation): Promise<void>
}

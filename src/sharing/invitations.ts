import type { Account } from '../accounts/authenticate.ts'
import { DomainError } from '../errors.ts'
import type { Locale } from '../i18n/locale.ts'
import { secretKeyOf } from '../secrets/keys.ts'
import type { Receipt } from '../secrets/receipt.ts'
import { secretExpiry } from '../secrets/records.ts'
import type { SharingContext } from './context.ts'
import { secretLink } from './links.ts'
import { parseRecipients } from './recipients.ts'

/** The emails that send a secret link to its recipients. */
export interface Invitations {
  readonly addresses: readonly string[]
  /** Emails one link to every recipient. @throws DomainError `email_failed` when one email was not accepted. */
  send(receipt: Receipt, locale: Locale): Promise<void>
  /** Emails a link to one recipient. @throws DomainError `email_failed` when the email was not accepted. */
  sendTo(address: string, receipt: Receipt, locale: Locale): Promise<void>
}

/**
 * Verifies, before anything is stored, that the link can be emailed to the recipients.
 *
 * @param account The sender's account; anonymous callers cannot send emails.
 * @param given The `recipient` values as the client sent them; empty ones are ignored.
 * @returns Undefined when there are no recipients.
 * @throws DomainError `account_required`, `undeliverable_address`, `too_many_recipients`, `email_not_configured`.
 */
export function prepareInvitations(
  { mailer, policy }: SharingContext,
  account: Account | undefined,
  given: readonly string[],
): Invitations | undefined {
  const named = given.filter((text) => text.trim() !== '')
  if (named.length === 0) return undefined
  if (account === undefined) throw new DomainError('account_required')
  const addresses = parseRecipients(named)
  if (mailer === undefined) throw new DomainError('email_not_configured')
  const sendTo = async (to: string, receipt: Receipt, locale: Locale) => {
    const link = secretLink(policy.publicUrl, receipt.shareDomain, secretKeyOf(receipt.receiptKey))
    await mailer.send({ to, link, sender: account.email, locale, expires: secretExpiry(receipt) })
  }
  return {
    addresses,
    sendTo,
    async send(receipt, locale) {
      await Promise.all(addresses.map((address) => sendTo(address, receipt, locale)))
    },
  }
}

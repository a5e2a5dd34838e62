import type { Account } from '../accounts/authenticate.ts'
import { DomainError } from '../errors.ts'
import type { Locale } from '../i18n/locale.ts'
import { secretKeyOf } from '../secrets/keys.ts'
import type { Receipt } from '../secrets/receipt.ts'
import { secretExpiry } from '../secrets/records.ts'
import type { SharingContext } from './context.ts'
import { secretLink } from './links.ts'
import { parseRecipients } from './recipients.ts'

/** The emails that carry a secret link to its recipients. */
export interface Invitations {
  readonly addresses: readonly string[]
  /** Hands over one email per recipient. @throws DomainError `email_failed` when one was not taken. */
  send(receipt: Receipt, locale: Locale): Promise<void>
}

/**
 * Checks that the link of a secret can be emailed before anything is stored.
 *
 * @param account The sender's account; anonymous callers send no emails.
 * @param given The recipients as they came; empty ones count for nothing.
 * @returns Undefined when nobody is to be emailed.
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
  return {
    addresses,
    async send(receipt, locale) {
      const link = secretLink(policy.publicUrl, receipt.shareDomain, secretKeyOf(receipt.receiptKey))
      const invitation = { link, sender: account.email, locale, expires: secretExpiry(receipt) }
      await Promise.all(addresses.map((to) => mailer.send({ ...invitation, to })))
    },
  }
}

import { canonicalEmail, isEmailAddress } from '../accounts/email-address.ts'
import { DomainError } from '../errors.ts'

const MAX_RECIPIENTS = 10

/**
 * Parses the recipients of a secret. Empty values are ignored, and duplicates removed, also those in other capitals: they
 * would lead to the same mailbox.
 *
 * @param given The `recipient` values as the client sent them.
 * @returns The addresses to send to.
 * @throws DomainError `undeliverable_address` with the first invalid address, `too_many_recipients`.
 */
export function parseRecipients(given: readonly string[]): string[] {
  const named = given.map((text) => text.trim()).filter((text) => text !== '')
  const firsts = new Map<string, string>()
  for (const text of named) {
    const mailbox = canonicalEmail(text)
    if (!firsts.has(mailbox)) firsts.set(mailbox, text)
  }
  const addresses = [...firsts.values()]
  const invalid = addresses.find((text) => !isEmailAddress(text))
  if (invalid !== undefined) throw new DomainError('undeliverable_address', { subject: invalid })
  if (addresses.length > MAX_RECIPIENTS)
    throw new DomainError('too_many_recipients', { limit: MAX_RECIPIENTS })
  return addresses
}

/**
 * Obscures an email address for a receipt: `foo@example.com` becomes `fo*****@e*****.com`. Source: docs/api/v1.md
 * section 4.
 */
export function obscure(address: string): string {
  const at = address.lastIndexOf('@')
  const domain = address.slice(at + 1)
  return `${firstCharacters(address.slice(0, at), 2)}*****@${firstCharacters(domain, 1)}*****${domain.slice(domain.lastIndexOf('.'))}`
}

// Counts code points, so that no surrogate pair is split.
function firstCharacters(text: string, length: number): string {
  return Array.from(text).slice(0, length).join('')
}

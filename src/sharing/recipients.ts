import { isEmailAddress } from '../accounts/email-address.ts'
import { DomainError } from '../errors.ts'

const MAX_RECIPIENTS = 10

/**
 * Reads the recipients of a secret; empty ones count for nothing, repeated ones once.
 *
 * @param given The `recipient` values as they came.
 * @returns The addresses to send to.
 * @throws DomainError `undeliverable_address` with the first invalid one, or `too_many_recipients`.
 */
export function parseRecipients(given: readonly string[]): string[] {
  const addresses = [...new Set(given.map((text) => text.trim()).filter((text) => text !== ''))]
  const invalid = addresses.find((text) => !isEmailAddress(text))
  if (invalid !== undefined) throw new DomainError('undeliverable_address', { subject: invalid })
  if (addresses.length > MAX_RECIPIENTS)
    throw new DomainError('too_many_recipients', { limit: MAX_RECIPIENTS })
  return addresses
}

/**
 * Returns what a receipt shows of an email address: `foo@example.com` becomes `fo*****@e*****.com`. Source:
 * docs/api/v1.md section 4.
 */
export function obscure(address: string): string {
  const at = address.lastIndexOf('@')
  const domain = address.slice(at + 1)
  return `${firstCharacters(address.slice(0, at), 2)}*****@${firstCharacters(domain, 1)}*****${domain.slice(domain.lastIndexOf('.'))}`
}

// By code points: half a surrogate pair is no text.
function firstCharacters(text: string, length: number): string {
  return Array.from(text).slice(0, length).join('')
}

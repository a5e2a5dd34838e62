import { DomainError } from '../errors.ts'

const MAX_RECIPIENTS = 10
const MAX_ADDRESS_LENGTH = 254

// An addr-spec of RFC 5322 without quoting, comments or address literals, on a domain with a dot and no number for
// its last label.
const ADDRESS =
  /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]*[\p{L}\p{N}]$/u

/** @returns Whether a mail could be addressed so. */
export function isAddress(text: string): boolean {
  return text.length <= MAX_ADDRESS_LENGTH && ADDRESS.test(text)
}

/**
 * @param given The `recipient` values as they came; empty ones count for nothing, repeated ones once.
 * @returns The addresses to send to.
 * @throws DomainError `undeliverable_address` with the first bad one, or `too_many_recipients`.
 */
export function parseRecipients(given: readonly string[]): string[] {
  const addresses = [...new Set(given.map((text) => text.trim()).filter((text) => text !== ''))]
  const bad = addresses.find((text) => !isAddress(text))
  if (bad !== undefined) throw new DomainError('undeliverable_address', { subject: bad })
  if (addresses.length > MAX_RECIPIENTS)
    throw new DomainError('too_many_recipients', { limit: MAX_RECIPIENTS })
  return addresses
}

/**
 * @param address An e-mail address.
 * @returns What a receipt shows of it: `foo@example.com` becomes `fo*****@e*****.com`. Source: v1-api section 4.
 */
export function obscure(address: string): string {
  const at = address.lastIndexOf('@')
  const domain = address.slice(at + 1)
  return `${front(address.slice(0, at), 2)}*****@${front(domain, 1)}*****${domain.slice(domain.lastIndexOf('.'))}`
}

// By code points: half a surrogate pair is no text.
function front(text: string, length: number): string {
  return Array.from(text).slice(0, length).join('')
}

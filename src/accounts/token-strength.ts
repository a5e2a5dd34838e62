import { canonicalEmail } from './email-address.ts'
import type { Token } from './tokens.ts'

/** Minimum length of a good token, in characters: that of 128 random bits in hexadecimal. */
export const GOOD_TOKEN_LENGTH = 32

// Beyond this, the groups of a random text repeat because there are no others.
const JUDGED_LENGTH = 64
const GROUP = 3
const MIN_DISTINCT = 3 / 4

/**
 * Tells whether a token is obviously not random: it contains its account's email address or is a part of it, or it repeats
 * itself. A text repeats itself when fewer than three quarters of the groups of three neighbouring characters in its first 64
 * characters are distinct, ignoring case: of `passwordpassword`, 8 of 14. Of random tokens, one in 10,000 of 16 digits
 * does, one in 100,000 of 16 hexadecimal digits, and fewer than one in 10^6 of 32 characters.
 *
 * @param email The account's email address.
 */
export function isGuessable(token: Token, email: string): boolean {
  const text = token.toLowerCase()
  const address = canonicalEmail(email)
  if (text.includes(address) || address.includes(text)) return true
  const judged = Math.min(text.length, JUDGED_LENGTH)
  const groups = Array.from({ length: Math.max(judged - GROUP + 1, 0) }, (_, start) =>
    text.slice(start, start + GROUP),
  )
  return new Set(groups).size < groups.length * MIN_DISTINCT
}

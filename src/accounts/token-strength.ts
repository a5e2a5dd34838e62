import { canonicalEmail } from './email-address.ts'
import { parseToken, type Token } from './tokens.ts'

/** Minimum length of a good token, in characters: that of 128 random bits in hexadecimal. */
export const GOOD_TOKEN_LENGTH = 32

const ACCEPTABLE = /^[\x21-\x7e]{16,}$/

// Beyond this, the groups of a random text repeat because there are no others.
const JUDGED_LENGTH = 64
const GROUP = 3
const MIN_DISTINCT = 3 / 4

/** What is wrong with a token that an operator brings along. */
export type TokenFault = 'malformed' | 'guessable'

/** Explains each fault, after "a token that", without quoting the token. */
export const TOKEN_FAULTS: Readonly<Record<TokenFault, string>> = {
  malformed: 'is too short or contains invisible characters',
  guessable: 'repeats itself or its email address; `openssl rand -hex 20` generates a random one',
}

/**
 * Parses a token that an operator brings along for an account.
 *
 * @param email The account's email address.
 * @returns A token of at least 16 visible ASCII characters, or what is wrong with the text.
 */
export function acceptToken(text: string, email: string): { readonly token: Token } | TokenFault {
  const token = parseToken(text)
  if (token === undefined || !ACCEPTABLE.test(token)) return 'malformed'
  return isGuessable(token, email) ? 'guessable' : { token }
}

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

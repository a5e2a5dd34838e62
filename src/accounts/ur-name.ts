import type { Brand } from '../brand.ts'
import { labelledHash } from '../crypto/derive.ts'
import { canonicalEmail } from './email-address.ts'

/**
 * The second name of an account, `ur` and 24 characters of `[a-z0-9]`: some clients accept no email address as user name.
 * It is derived from the email address alone, so it outlives tokens and root keys.
 */
export type UrName = Brand<string, 'ur name'>

const DIGITS = 24
// No email address has this form, because each has an @.
const FORM = /^ur[a-z0-9]{24}$/i

/** Derives the ur name of an account from its email address. Source: src/crypto/SPEC.md section 1. */
export function urNameOf(email: string): UrName {
  const digest = BigInt(`0x${labelledHash('ur-name', canonicalEmail(email), 'hex')}`)
  return `ur${digest.toString(36).slice(-DIGITS)}` as UrName
}

/** Parses a ur name in upper or lower case from a client; returns undefined for anything else. */
export function parseUrName(text: string): UrName | undefined {
  const name = text.trim()
  return FORM.test(name) ? (name.toLowerCase() as UrName) : undefined
}

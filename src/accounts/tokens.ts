import { derive, type RootKey } from '../crypto/keys.ts'
import type { AccountId } from './records.ts'

/** @returns An e-mail address in the form in which accounts are compared. */
export function canonicalEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase()
}

/**
 * @param email In canonical form.
 * @returns Where the account is stored under this root key.
 */
export function accountIdOf(root: RootKey, email: string): AccountId {
  return derive(root.key, 'account-id', email).toString('base64url', 0, 16)
}

/**
 * A keyed hash without stretching: tokens are random, and checking one costs microseconds.
 * @returns 32 bytes.
 */
export function hashToken(root: RootKey, id: AccountId, token: string): Buffer {
  return derive(root.key, 'account-token', id, token)
}

import type { Brand } from '../brand.ts'
import { derive } from '../crypto/derive.ts'
import type { KeyRing, RootKey } from '../crypto/key-ring.ts'
import { canonicalEmail } from './email-address.ts'

/** The name of an account in the audit log: 16 characters of base64url. */
export type Pseudonym = Brand<string, 'pseudonym'>

/**
 * Returns the pseudonym of an account under the newest root key. It is keyed, so that a list of email addresses does not undo
 * it, and its label is not that of the account id, so that the log does not name records. Source: src/crypto/SPEC.md section 2.
 *
 * @param email As a client sent it, or in canonical form.
 */
export function pseudonymOf(ring: KeyRing, email: string): Pseudonym {
  return derivePseudonym(ring.current, email)
}

/** Returns the pseudonyms of an account under all root keys, newest first: rotation gives it another one. */
export function pseudonymsOf(ring: KeyRing, email: string): Pseudonym[] {
  return ring.all.map((root) => derivePseudonym(root, email))
}

function derivePseudonym(root: RootKey, email: string): Pseudonym {
  return derive(root.key, 'audit-account', canonicalEmail(email)).toString('base64url', 0, 12) as Pseudonym
}

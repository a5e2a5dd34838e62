import type { Account } from '../../accounts/authenticate.ts'
import { derive } from '../../crypto/derive.ts'
import type { KeyRing } from '../../crypto/key-ring.ts'

/** The name of the hidden field that says for whom the form was opened. */
export const OPENED_FOR_FIELD = 'opened_for'

const ANONYMOUS = 'anonymous'

/**
 * How the account of the sender has changed since the form was opened: `signed_out` when the sender no longer has one,
 * `signed_in` when the sender has signed in, or to another account; `unknown` when the form does not say.
 */
export type AccountChange = 'none' | 'signed_out' | 'signed_in' | 'unknown'

/**
 * Returns the value of the field: a keyed hash of the email address, so that the page does not contain the address and nobody
 * can forge the field for another account. Source: src/crypto/SPEC.md section 2.
 *
 * @param account Undefined for an anonymous sender.
 */
export function openedFor(ring: KeyRing, account: Account | undefined): string {
  return valueFor(ring.current, account)
}

/**
 * Compares the sender of a form with whom it was opened for. A forged field can only keep a secret from being created.
 *
 * @param given The value of the field, if there is one.
 * @param account Undefined for an anonymous sender.
 */
export function accountChange(
  ring: KeyRing,
  given: string | undefined,
  account: Account | undefined,
): AccountChange {
  if (given === undefined) return 'unknown'
  if (ring.all.some((root) => given === valueFor(root, account))) return 'none'
  return account === undefined ? 'signed_out' : 'signed_in'
}

function valueFor({ key }: KeyRing['current'], account: Account | undefined): string {
  return account === undefined ? ANONYMOUS : derive(key, 'form-account', account.email).toString('base64url')
}

import type { KeyRing } from '../crypto/key-ring.ts'
import { openSalted, sealSalted } from '../crypto/salted-envelope.ts'
import { seconds } from '../time.ts'
import type { StoredAccount } from './records.ts'

const KEY_INPUT = { label: 'account', parts: [] } as const
const NO_TTL = seconds(0)

/**
 * Seals the email address of an account. Source: src/crypto/SPEC.md section 3.
 *
 * @param email In canonical form.
 * @returns A salt of 16 bytes, then the envelope.
 */
export function sealEmail(
  ring: KeyRing,
  email: string,
  { id, created }: Pick<StoredAccount, 'id' | 'created'>,
): Buffer {
  return sealSalted(ring, KEY_INPUT, Buffer.from(email), { id, created, ttl: NO_TTL })
}

/** Opens the email address of an account; returns undefined when it does not open. */
export function openEmail(
  ring: KeyRing,
  { id, email, created }: Pick<StoredAccount, 'id' | 'email' | 'created'>,
): string | undefined {
  return openSalted(ring, KEY_INPUT, email, { id, created, ttl: NO_TTL })?.toString()
}

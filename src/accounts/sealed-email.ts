import { randomBytes } from 'node:crypto'
import { open, seal } from '../crypto/envelope.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { seconds } from '../time.ts'
import type { StoredAccount } from './records.ts'

const SALT_BYTES = 16
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
  const salt = randomBytes(SALT_BYTES)
  const sealed = seal(ring, keyInput(salt), Buffer.from(email), { id, created, ttl: NO_TTL })
  return Buffer.concat([salt, sealed])
}

/** Opens the email address of an account; returns undefined when it does not open. */
export function openEmail(
  ring: KeyRing,
  { id, email, created }: Pick<StoredAccount, 'id' | 'email' | 'created'>,
): string | undefined {
  const [salt, sealed] = [email.subarray(0, SALT_BYTES), email.subarray(SALT_BYTES)]
  return open(ring, keyInput(salt), sealed, { id, created, ttl: NO_TTL })?.toString()
}

function keyInput(salt: Buffer) {
  return { label: 'account', parts: [salt] } as const
}

import { type Binding, open, seal } from '../crypto/envelope.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import type { RecordId, SecretKey } from './keys.ts'

/**
 * Seals the email address of a sender for the holder of the secret key, who can read it before the secret is revealed, and
 * without its passphrase. Source: src/crypto/SPEC.md section 3.
 */
export function sealSender(
  ring: KeyRing,
  secretKey: SecretKey,
  email: string,
  binding: Binding<RecordId>,
): Buffer {
  return seal(ring, keyInput(secretKey), Buffer.from(email), binding)
}

/**
 * Opens the email address of a sender.
 *
 * @returns Undefined when the key is wrong, the record was changed, or its format or root key is unknown.
 */
export function openSender(
  ring: KeyRing,
  secretKey: SecretKey,
  sealed: Buffer,
  binding: Binding<RecordId>,
): string | undefined {
  return open(ring, keyInput(secretKey), sealed, binding)?.toString()
}

function keyInput(secretKey: SecretKey) {
  return { label: 'sender', parts: [secretKey] } as const
}

import { type Binding, open, seal } from '../crypto/envelope.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import type { Stretched } from '../crypto/passphrase.ts'
import type { RecordId, SecretKey } from './keys.ts'

/** A secret as its recipient receives it. */
export interface Secret {
  readonly value: string
  /** The custom domain of its link, if it has one. */
  readonly shareDomain?: string | undefined
}

/**
 * Seals a secret for the holder of the secret key and, if it has one, the passphrase. Source: src/crypto/SPEC.md
 * section 3.
 */
export function sealSecret(
  ring: KeyRing,
  secretKey: SecretKey,
  stretched: Stretched | undefined,
  { value, shareDomain = '' }: Secret,
  binding: Binding<RecordId>,
): Buffer {
  const plaintext = Buffer.from(`${shareDomain}\0${value}`)
  return seal(ring, keyInput(secretKey, stretched), plaintext, binding)
}

/**
 * Opens a sealed secret.
 *
 * @returns Undefined when the key or passphrase is wrong, the record was changed, or its format or root key is unknown.
 */
export function openSecret(
  ring: KeyRing,
  secretKey: SecretKey,
  stretched: Stretched | undefined,
  sealed: Buffer,
  binding: Binding<RecordId>,
): Secret | undefined {
  const plaintext = open(ring, keyInput(secretKey, stretched), sealed, binding)
  if (plaintext === undefined) return undefined
  const text = plaintext.toString()
  const end = text.indexOf('\0')
  return { value: text.slice(end + 1), shareDomain: end === 0 ? undefined : text.slice(0, end) }
}

function keyInput(secretKey: SecretKey, stretched: Stretched | undefined) {
  return { label: 'secret', parts: [secretKey], stretched } as const
}

import { randomBytes } from 'node:crypto'
import { type Binding, type KeyInput, missingRootOf, open, seal } from './envelope.ts'
import type { KeyRing } from './key-ring.ts'

const SALT_BYTES = 16

/**
 * Seals a text under a key that also depends on a fresh salt, for what is sealed more than once from the same parts. Source:
 * SPEC.md section 3.
 *
 * @returns A salt of 16 bytes, then the envelope.
 */
export function sealSalted(ring: KeyRing, keyInput: KeyInput, plaintext: Buffer, binding: Binding): Buffer {
  const salt = randomBytes(SALT_BYTES)
  return Buffer.concat([salt, seal(ring, withSalt(keyInput, salt), plaintext, binding)])
}

/**
 * Opens a text that was sealed with a salt.
 *
 * @param stored The salt and the envelope.
 * @returns Undefined when the key or binding is wrong, the text was changed, or its format or root key is unknown.
 */
export function openSalted(
  ring: KeyRing,
  keyInput: KeyInput,
  stored: Buffer,
  binding: Binding,
): Buffer | undefined {
  return open(ring, withSalt(keyInput, stored.subarray(0, SALT_BYTES)), envelopeOf(stored), binding)
}

/** Returns the id of the root key that a text with a salt needs; undefined when the ring has it or the format is unknown. */
export function missingRootOfSalted(ring: KeyRing, stored: Buffer): string | undefined {
  return missingRootOf(ring, envelopeOf(stored))
}

function envelopeOf(stored: Buffer): Buffer {
  return stored.subarray(SALT_BYTES)
}

function withSalt(keyInput: KeyInput, salt: Buffer): KeyInput {
  return { ...keyInput, parts: [...keyInput.parts, salt] }
}

import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto'
import type { Brand } from '../brand.ts'
import { DomainError } from '../errors.ts'
import type { Milliseconds, Seconds } from '../time.ts'
import { derive } from './derive.ts'
import { decodeHeader, encodeHeader, type Header, TAG_BYTES } from './header.ts'
import type { KeyRing } from './key-ring.ts'
import type { Stretched } from './passphrase.ts'

const CIPHER = 'aes-256-gcm'

// Every key seals once in its life (SPEC.md, "One key, one plaintext"), so the nonce carries nothing.
const NONCE = Buffer.alloc(12)

/** Whose key opens what is sealed. */
export interface KeyInput {
  /** What is sealed; no two uses share a label. */
  readonly label: 'secret' | 'metadata' | 'recent' | 'account' | 'cookie'
  /** What only the holder knows, and what makes the key unique: it must not seal twice. */
  readonly parts: readonly (string | Buffer)[]
  /** Key material from a passphrase, where there is one. */
  readonly stretched?: Stretched | undefined
}

/** What a sealed text can be bound to. */
export type BindingId = Brand<string, 'record id' | 'account id' | 'cookie name'>

/** The associated data of a sealed text: moved to another record, it does not open. */
export interface Binding<Id extends BindingId = BindingId> {
  readonly id: Id
  readonly created: Milliseconds
  readonly ttl: Seconds
}

/**
 * Seals a text with AES-256-GCM (NIST SP 800-38D) under a single-use key derived from the current root key.
 *
 * @param plaintext Of any size.
 * @returns Header, ciphertext of the plaintext's size, 16 bytes of tag. Format: SPEC.md section 3.
 */
export function seal(ring: KeyRing, keyInput: KeyInput, plaintext: Buffer, binding: Binding): Buffer {
  const header = encodeHeader({ root: ring.current.id, argon2: keyInput.stretched?.parameters })
  const cipher = createCipheriv(CIPHER, keyFor(ring.current.key, keyInput), NONCE)
  cipher.setAAD(associatedData(header, binding))
  return Buffer.concat([header, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

/**
 * Opens what `seal` returned.
 *
 * @returns The plaintext; undefined when the format is unknown, the root key is not in the ring, the key, the
 *   passphrase or the binding is wrong, or a bit has changed.
 */
export function open(
  ring: KeyRing,
  keyInput: KeyInput,
  sealed: Buffer,
  binding: Binding,
): Buffer | undefined {
  const header = decodeHeader(sealed)
  if (header === undefined) return undefined
  const root = ring.find(header.root)
  if (root === undefined) return undefined
  const tagAt = sealed.length - TAG_BYTES
  const decipher = createDecipheriv(CIPHER, keyFor(root.key, keyInput), NONCE, { authTagLength: TAG_BYTES })
  decipher.setAAD(associatedData(sealed.subarray(0, header.bytes), binding))
  decipher.setAuthTag(sealed.subarray(tagAt))
  const plaintext = decipher.update(sealed.subarray(header.bytes, tagAt))
  try {
    decipher.final()
  } catch {
    return undefined
  }
  return plaintext
}

/**
 * Returns the Argon2 parameters in a sealed text's header; undefined when it has no passphrase.
 *
 * @throws DomainError `unreadable_record` when the format is unknown.
 */
export function argon2ParametersOf(sealed: Buffer): Header['argon2'] {
  const header = decodeHeader(sealed)
  if (header === undefined) throw new DomainError('unreadable_record')
  return header.argon2
}

function keyFor(root: Parameters<typeof derive>[0], { label, parts, stretched }: KeyInput) {
  return createSecretKey(
    derive(root, label, ...parts, ...(stretched === undefined ? [] : [stretched.output])),
  )
}

function associatedData(header: Buffer, { id, created, ttl }: Binding): Buffer {
  return Buffer.concat([header, Buffer.from(`/${id}/${created}/${ttl}`)])
}

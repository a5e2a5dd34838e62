import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto'
import { DomainError } from '../errors.ts'
import { decodeHeader, encodeHeader, type Header, TAG_BYTES } from './header.ts'
import { derive, type KeyRing, type RecordId } from './keys.ts'
import type { Stretched } from './passphrase.ts'

const CIPHER = 'aes-256-gcm'

// Every key seals one message in its life (SPEC.md, "One key, one message"), so the nonce carries nothing.
const NONCE = Buffer.alloc(12)

/** Whose key opens a message. */
export interface Recipient {
  /** What the message is; no two uses share a label. */
  readonly label: 'secret' | 'metadata' | 'recent' | 'account' | 'cookie'
  /** What only the holder knows, and what makes the key unique: it must not seal twice. */
  readonly parts: readonly (string | Buffer)[]
  /** Key material from a passphrase, where there is one. */
  readonly stretched?: Stretched | undefined
}

/** What a sealed message is tied to: moved to another record, it does not open. */
export interface Binding {
  readonly id: RecordId
  /** Unix milliseconds. */
  readonly created: number
  /** Seconds. */
  readonly ttl: number
}

/**
 * AES-256-GCM (NIST SP 800-38D) under a single-use key derived from the current root key.
 * @param plaintext Of any size.
 * @returns Header in clear, ciphertext of the plaintext's size, 16 bytes of tag. Format: SPEC.md.
 */
export function seal(ring: KeyRing, recipient: Recipient, plaintext: Buffer, binding: Binding): Buffer {
  const header = encodeHeader({ root: ring.current.id, argon2: recipient.stretched?.parameters })
  const cipher = createCipheriv(CIPHER, keyFor(ring.current.key, recipient), NONCE)
  cipher.setAAD(additionalData(header, binding))
  return Buffer.concat([header, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

/**
 * @param sealed What `seal` returned.
 * @returns The plaintext; undefined when the format is not known, the root key is not in the ring, the key, the
 *   passphrase or the binding is another, or a bit has changed.
 */
export function open(
  ring: KeyRing,
  recipient: Recipient,
  sealed: Buffer,
  binding: Binding,
): Buffer | undefined {
  const header = decodeHeader(sealed)
  if (header === undefined) return undefined
  const root = ring.find(header.root)
  if (root === undefined) return undefined
  const tagAt = sealed.length - TAG_BYTES
  const decipher = createDecipheriv(CIPHER, keyFor(root.key, recipient), NONCE, { authTagLength: TAG_BYTES })
  decipher.setAAD(additionalData(sealed.subarray(0, header.bytes), binding))
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
 * @returns The Argon2 parameters that the message names; undefined when it has no passphrase.
 * @throws DomainError `unreadable_record` when the format is not known.
 */
export function argon2ParametersOf(sealed: Buffer): Header['argon2'] {
  const header = decodeHeader(sealed)
  if (header === undefined) throw new DomainError('unreadable_record')
  return header.argon2
}

function keyFor(root: Parameters<typeof derive>[0], { label, parts, stretched }: Recipient) {
  return createSecretKey(
    derive(root, label, ...parts, ...(stretched === undefined ? [] : [stretched.output])),
  )
}

function additionalData(header: Buffer, { id, created, ttl }: Binding): Buffer {
  return Buffer.concat([header, Buffer.from(`/${id}/${created}/${ttl}`)])
}

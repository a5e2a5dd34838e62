import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto'
import type { RecordId } from './keys.ts'

const CIPHER = 'aes-256-gcm'
const TAG_BYTES = 16

// Every key seals one message in its life (SPEC.md, "One key, one message"), so the nonce carries nothing.
const NONCE = Buffer.alloc(12)

/** What a sealed message is tied to besides its header: moved to another record, it does not open. */
export interface Binding {
  readonly id: RecordId
  /** Unix milliseconds. */
  readonly created: number
  /** Seconds. */
  readonly ttl: number
}

/**
 * AES-256-GCM (NIST SP 800-38D) with a single-use key.
 * @param key 32 bytes that seal nothing else, ever.
 * @param header Stored in clear in front of the ciphertext, and authenticated.
 * @param plaintext Of any size.
 * @returns Header, ciphertext of the plaintext's size, 16 bytes of tag.
 */
export function seal(key: Buffer, header: Buffer, plaintext: Buffer, binding: Binding): Buffer {
  const cipher = createCipheriv(CIPHER, createSecretKey(key), NONCE).setAAD(additionalData(header, binding))
  return Buffer.concat([header, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

/**
 * @param key 32 bytes.
 * @param sealed What `seal` returned.
 * @param headerBytes How long the header is.
 * @returns The plaintext; undefined when the tag does not fit the key, the message and the binding.
 */
export function open(key: Buffer, sealed: Buffer, headerBytes: number, binding: Binding): Buffer | undefined {
  const tagAt = sealed.length - TAG_BYTES
  if (tagAt < headerBytes) return undefined
  const decipher = createDecipheriv(CIPHER, createSecretKey(key), NONCE, { authTagLength: TAG_BYTES })
    .setAAD(additionalData(sealed.subarray(0, headerBytes), binding))
    .setAuthTag(sealed.subarray(tagAt))
  const plaintext = decipher.update(sealed.subarray(headerBytes, tagAt))
  try {
    decipher.final()
  } catch {
    return undefined
  }
  return plaintext
}

function additionalData(header: Buffer, { id, created, ttl }: Binding): Buffer {
  return Buffer.concat([header, Buffer.from(`/${id}/${created}/${ttl}`)])
}

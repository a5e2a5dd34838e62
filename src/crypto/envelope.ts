import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import type { Brand } from '../brand.ts'
import { DomainError } from '../errors.ts'
import type { Milliseconds, Seconds } from '../time.ts'
import { derive } from './derive.ts'
import { decodeHeader, encodeHeader, type Header, TAG_BYTES } from './header.ts'
import type { KeyRing } from './key-ring.ts'
import type { Stretched } from './passphrase.ts'

const CIPHER = 'aes-256-gcm'

// A KeyObject costs as much as the whole cipher, except in Node.js 24, which takes several times as long to recognise raw bytes.
const cipherKey: (bytes: Buffer) => KeyObject | Buffer =
  process.versions.node.split('.', 1)[0] === '24' ? createSecretKey : (bytes) => bytes

// A fixed nonce is safe because each key seals only once: SPEC.md, "One key, one plaintext".
const NONCE = Buffer.alloc(12)

/** What the single-use key of a sealed text is derived from, besides the root key. */
export interface KeyInput {
  /** What is sealed; each kind has its own label. */
  readonly label:
    | 'secret'
    | 'sender'
    | 'metadata'
    | 'memo'
    | 'alias'
    | 'imported'
    | 'recent'
    | 'account'
    | 'account-name'
    | 'cookie'
  /** What only the holder knows, and a value used once, because a key must not seal twice. */
  readonly parts: readonly (string | Buffer)[]
  /** Key material from the passphrase, if there is one. */
  readonly stretched?: Stretched | undefined
  /** Whether what checks the passphrase is part of the text. */
  readonly digestInside?: boolean | undefined
}

/** The ids that a sealed text can be bound to. */
export type BindingId = Brand<string, 'record id' | 'alias id' | 'account id' | 'sealed name'>

/** The associated data of a sealed text, which does not open in another record or with other times. */
export interface Binding<Id extends BindingId = BindingId> {
  readonly id: Id
  readonly created: Milliseconds
  readonly ttl: Seconds
}

/**
 * Seals a text with AES-256-GCM (NIST SP 800-38D) under a single-use key derived from the current root key.
 *
 * @param plaintext Of any size.
 * @returns The envelope of SPEC.md section 3: header, ciphertext as long as the plaintext, and a 16-byte tag.
 */
export function seal(ring: KeyRing, keyInput: KeyInput, plaintext: Buffer, binding: Binding): Buffer {
  const { stretched, digestInside } = keyInput
  const header = encodeHeader({ root: ring.current.id, argon2: stretched?.parameters, digestInside })
  const cipher = createCipheriv(CIPHER, keyFor(ring.current.key, keyInput), NONCE)
  cipher.setAAD(associatedData(header, binding))
  const ciphertext = cipher.update(plaintext)
  // Returns nothing in this mode, but makes the tag.
  cipher.final()
  return Buffer.concat([header, ciphertext, cipher.getAuthTag()])
}

/**
 * Opens an envelope of `seal`.
 *
 * @returns The plaintext; undefined when the format is unknown, the root key is missing from the ring, the key input or the
 *   binding is wrong, or the envelope was changed.
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

/** Returns the id of the root key that a text is sealed under, when the ring lacks it. */
export function missingRootOf(ring: KeyRing, sealed: Buffer): string | undefined {
  const root = decodeHeader(sealed)?.root
  return root !== undefined && ring.find(root) === undefined ? root : undefined
}

/**
 * Returns the Argon2 parameters in an envelope's header; undefined when it was sealed without a passphrase, or the text checks
 * it.
 *
 * @throws DomainError `unreadable_record` when the format is unknown.
 */
export function argon2ParametersOf(sealed: Buffer): Header['argon2'] {
  return headerOf(sealed).argon2
}

/**
 * Tells whether what checks the passphrase of an envelope is part of its text.
 *
 * @throws DomainError `unreadable_record` when the format is unknown.
 */
export function hasDigestInside(sealed: Buffer): boolean {
  return headerOf(sealed).digestInside === true
}

function headerOf(sealed: Buffer): Header {
  const header = decodeHeader(sealed)
  if (header === undefined) throw new DomainError('unreadable_record')
  return header
}

function keyFor(root: Parameters<typeof derive>[0], { label, parts, stretched }: KeyInput) {
  const all = stretched === undefined ? parts : [...parts, stretched.output]
  return cipherKey(derive(root, label, ...all))
}

function associatedData(header: Buffer, { id, created, ttl }: Binding): Buffer {
  return Buffer.concat([header, Buffer.from(`/${id}/${created}/${ttl}`)])
}

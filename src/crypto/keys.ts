import { createHmac, createSecretKey, hash, type KeyObject, randomBytes } from 'node:crypto'
import { customAlphabet } from 'nanoid'

/** Where both halves of a secret are stored: the partition and 22 characters of base64url. */
export type RecordId = string

/** Characters that both keys of a pair, and their record id, share at the front. */
export const PARTITION_LENGTH = 3

const KEY_LENGTH = 31
const DIGITS = KEY_LENGTH - PARTITION_LENGTH
const KEY_FORM = /^[a-z0-9]{31}$/
const ROOT_KEY_BYTES = 32
const ROOT_ID_LENGTH = 8
const ID_LENGTH = 22

const newKey = customAlphabet('abcdefghijklmnopqrstuvwxyz0123456789', KEY_LENGTH)
const newTokenText = customAlphabet('abcdefghijklmnopqrstuvwxyz0123456789', 40)

/** The server's long-lived key, and the short name by which records refer to it. */
export interface RootKey {
  /** 8 hexadecimal digits. */
  readonly id: string
  readonly key: KeyObject
}

/** Root keys, newest first: the first seals, any opens. */
export interface KeyRing {
  readonly current: RootKey
  readonly all: readonly RootKey[]
  /** The ids of all. */
  readonly ids: readonly string[]
  find(id: string): RootKey | undefined
}

/** @returns 32 fresh random bytes for a root key, as 64 hexadecimal digits. */
export function newRootKey(): string {
  return randomBytes(ROOT_KEY_BYTES).toString('hex')
}

/**
 * @param keys Root keys of 32 bytes each, newest first, at least one.
 * @returns The ring. A key's id is a labelled hash of it, so that it need not be configured.
 * @throws RangeError when there is no key, one has another size, or two are the same.
 */
export function createKeyRing(keys: readonly Buffer[]): KeyRing {
  const all = keys.map((bytes) => {
    if (bytes.length !== ROOT_KEY_BYTES) throw new RangeError(`a root key has ${ROOT_KEY_BYTES} bytes`)
    return {
      id: labelledHash('root-id', bytes.toString('hex'), 'hex').slice(0, ROOT_ID_LENGTH),
      key: createSecretKey(bytes),
    }
  })
  const [current] = all
  if (current === undefined) throw new RangeError('a key ring has at least one root key')
  const byId = new Map(all.map((root) => [root.id, root]))
  if (byId.size !== all.length) throw new RangeError('a root key stands twice in the ring')
  return { current, all, ids: [...byId.keys()], find: (id) => byId.get(id) }
}

/** @returns A fresh metadata key: 31 characters of `[a-z0-9]`, 145 random bits behind the partition. */
export function newMetadataKey(): string {
  return newKey()
}

/** @returns A fresh API token: 40 characters of `[a-z0-9]`, 206 random bits. */
export function newToken(): string {
  return newTokenText()
}

/**
 * Leads from the sender's key to the recipient's and never back, so that no record has to hold either.
 * @param metadataKey 31 characters of `[a-z0-9]`.
 * @returns The secret key of the pair: the same partition, and the last 28 base-36 digits of a labelled hash. A
 *   remainder by 36^28, about 2^145, of a 256-bit number: no digit is likelier than another by more than 2^-110.
 */
export function secretKeyOf(metadataKey: string): string {
  const digest = BigInt(`0x${labelledHash('secret-key', metadataKey, 'hex')}`)
  return metadataKey.slice(0, PARTITION_LENGTH) + digest.toString(36).slice(-DIGITS)
}

/**
 * @param secretKey 31 characters of `[a-z0-9]`.
 * @returns The id under which both halves of the pair are stored: the partition and 132 bits of a labelled hash. It
 *   does not lead back to the key.
 */
export function recordIdOf(secretKey: string): RecordId {
  const digest = labelledHash('record-id', secretKey, 'base64url')
  return secretKey.slice(0, PARTITION_LENGTH) + digest.slice(0, ID_LENGTH)
}

/** @returns Whether the text has the form of a metadata or secret key. Anything else never reaches the store. */
export function isKey(text: string): boolean {
  return KEY_FORM.test(text)
}

/**
 * HKDF-Expand of RFC 5869 for one block: the root key is uniform already, so there is nothing to extract.
 * @param root 32 uniform bytes.
 * @param label What the result is for; no two uses share one.
 * @param parts Of any size each; their lengths go in too, so no two lists of parts read the same.
 * @returns 32 bytes.
 */
export function derive(root: KeyObject, label: string, ...parts: readonly (string | Buffer)[]): Buffer {
  const hmac = createHmac('sha256', root).update(`emberlink/1/${label}`)
  for (const part of parts) hmac.update(`/${Buffer.byteLength(part)}/`).update(part)
  return hmac.update('\x01').digest()
}

function labelledHash(label: string, text: string, encoding: 'hex' | 'base64url'): string {
  return hash('sha256', `emberlink/1/${label}/${text}`, encoding)
}

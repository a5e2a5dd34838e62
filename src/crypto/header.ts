import { type Argon2Parameters, isAllowedCost } from './passphrase.ts'

const VERSION = 1
const PLAIN = 0
const ARGON2ID = 1
const DIGEST_INSIDE = 3
const PLAIN_BYTES = 6
const ARGON2ID_BYTES = 27

/** The size of the tag after the ciphertext. */
export const TAG_BYTES = 16

/** The part of an envelope before the ciphertext, in clear. */
export interface Header {
  /** Id of the root key, 8 hexadecimal digits. */
  readonly root: string
  readonly argon2?: Argon2Parameters | undefined
  /** Whether what checks the passphrase is part of the sealed text: of an imported secret. */
  readonly digestInside?: boolean | undefined
}

/**
 * Encodes a header: version (1 byte), root key id (4), what the passphrase is checked by (1), and for Argon2id memory in KiB
 * (4, big-endian), time (1), salt (16). Source: SPEC.md section 3.
 */
export function encodeHeader({ root, argon2, digestInside = false }: Header): Buffer {
  const header = Buffer.allocUnsafe(argon2 === undefined ? PLAIN_BYTES : ARGON2ID_BYTES)
  header[0] = VERSION
  // As a number, because the hexadecimal codec of buffers takes several times as long.
  header.writeUInt32BE(Number.parseInt(root, 16), 1)
  header[5] = argon2 === undefined ? (digestInside ? DIGEST_INSIDE : PLAIN) : ARGON2ID
  if (argon2 === undefined) return header
  header.writeUInt32BE(argon2.memory, 6)
  header[10] = argon2.time
  argon2.salt.copy(header, 11)
  return header
}

/**
 * Decodes the header of an envelope. Source: SPEC.md section 5.
 *
 * @returns The header and its size in bytes; undefined when it is truncated, its version or key derivation is unknown, or
 *   its Argon2 parameters are out of bounds.
 */
export function decodeHeader(sealed: Buffer): (Header & { readonly bytes: number }) | undefined {
  if (sealed.length < PLAIN_BYTES + TAG_BYTES || sealed[0] !== VERSION) return undefined
  const root = sealed.readUInt32BE(1).toString(16).padStart(8, '0')
  if (sealed[5] === PLAIN) return { root, bytes: PLAIN_BYTES }
  if (sealed[5] === DIGEST_INSIDE) return { root, digestInside: true, bytes: PLAIN_BYTES }
  if (sealed[5] !== ARGON2ID || sealed.length < ARGON2ID_BYTES + TAG_BYTES) return undefined
  const memory = sealed.readUInt32BE(6)
  const time = sealed.readUInt8(10)
  if (!isAllowedCost({ memory, time })) return undefined
  return { root, argon2: { memory, time, salt: sealed.subarray(11, ARGON2ID_BYTES) }, bytes: ARGON2ID_BYTES }
}

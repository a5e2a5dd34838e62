import { isUtf8 } from 'node:buffer'
import { createDecipheriv, hash } from 'node:crypto'
import type { OldCiphertext } from './old-records.ts'

const ROUNDS = 2048
const KEY_BYTES = 32
const IV_BYTES = 16
const MD5_BYTES = 16

/** The text of a secret as Onetime Secret up to 0.23 keeps it. */
export type CbcCiphertext = OldCiphertext & { readonly kind: 'cbc' }

/** What the key of such a text is made of. */
export interface CbcKeyInput {
  /** The key in the link of the secret. */
  readonly key: string
  readonly siteSecret: string
  /** Undefined for none. */
  readonly passphrase?: string | undefined
}

/**
 * Opens a text of Onetime Secret up to 0.23: AES-256-CBC without salt or tag. Its key and IV are OpenSSL's EVP_BytesToKey of a
 * hash, with MD5 and 2,048 rounds.
 *
 * The padding is all that tells a right key from a wrong one, and of 256 wrong ones one passes by chance; so a text that is
 * not UTF-8 counts as not opened too.
 *
 * @returns The text; undefined when it does not open.
 */
export function openCbc(
  { mode, value }: Omit<CbcCiphertext, 'kind'>,
  input: CbcKeyInput,
): string | undefined {
  const text = mode === 0 ? value : decrypt(value, hexOf(mode, input))
  return text !== undefined && isUtf8(text) ? text.toString() : undefined
}

function hexOf(mode: 1 | 2, { key, siteSecret, passphrase }: CbcKeyInput): string {
  const parts = mode === 1 ? [key, passphrase] : [siteSecret, key, passphrase]
  return hash('sha256', parts.filter((part) => part !== undefined).join(':'), 'hex')
}

function decrypt(value: Buffer, hex: string): Buffer | undefined {
  const material = bytesToKey(hex)
  const decipher = createDecipheriv(
    'aes-256-cbc',
    material.subarray(0, KEY_BYTES),
    material.subarray(KEY_BYTES),
  )
  try {
    return Buffer.concat([decipher.update(value), decipher.final()])
  } catch {
    return undefined
  }
}

// Without a salt. MD5 is what the texts need; nothing of ours relies on it.
function bytesToKey(hex: string): Buffer {
  const blocks: Buffer[] = []
  while (blocks.length * MD5_BYTES < KEY_BYTES + IV_BYTES) {
    let digest = hash('md5', Buffer.concat([...blocks.slice(-1), Buffer.from(hex)]), 'binary')
    const block = Buffer.alloc(MD5_BYTES)
    // A string into the same buffer takes half the time of a new buffer for each of 6,144 digests.
    for (let round = 1; round < ROUNDS; round += 1) {
      block.write(digest, 'binary')
      digest = hash('md5', block, 'binary')
    }
    block.write(digest, 'binary')
    blocks.push(block)
  }
  return Buffer.concat(blocks)
}

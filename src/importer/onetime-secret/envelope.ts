import { isUtf8 } from 'node:buffer'
import { createDecipheriv, hkdfSync } from 'node:crypto'
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { blake2b } from '@noble/hashes/blake2.js'
import type { OldCiphertext } from './old-records.ts'

/** The text of a secret as Onetime Secret from 0.24 keeps it. */
export type EnvelopeCiphertext = OldCiphertext & { readonly kind: 'envelope' }

type Open = (master: Buffer, context: string, ciphertext: EnvelopeCiphertext) => Uint8Array

const KEY_BYTES = 32
const TAG_BYTES = 16
const PERSONAL = Buffer.alloc(16)
PERSONAL.write('FamilialMatters')
const AES_SALTS = ['FamiliaEncryption', 'FamilialMatters']

/** By the names that the old server gives them. Each throws when the text does not open. */
const ALGORITHMS: Readonly<Record<string, readonly Open[]>> = {
  xchacha20poly1305: [openXChaCha],
  'aes-256-gcm': AES_SALTS.map(
    (salt) =>
      (...given) =>
        openAes(salt, ...given),
  ),
}

/** Tells whether the algorithm of a text is known. */
export function isKnownAlgorithm(algorithm: string): boolean {
  return Object.hasOwn(ALGORITHMS, algorithm)
}

/**
 * Opens a text of Onetime Secret from 0.24.
 *
 * @param key The key in the link of the secret.
 * @returns Undefined when the site secret is another one, the text was changed or its algorithm is unknown.
 */
export function openEnvelope(
  ciphertext: EnvelopeCiphertext,
  { key, siteSecret }: { readonly key: string; readonly siteSecret: string },
): string | undefined {
  const { algorithm } = ciphertext
  if (!isKnownAlgorithm(algorithm)) return undefined
  const master = hkdf(Buffer.from(siteSecret), 'onetimesecret-v1', 'familia-enc')
  const context = `Onetime::Secret:ciphertext:${key}`
  for (const open of ALGORITHMS[algorithm] ?? []) {
    try {
      const text = open(master, context, ciphertext)
      return isUtf8(text) ? Buffer.from(text).toString() : undefined
    } catch {
      // Sealed under another key, as the next one may be.
    }
  }
  return undefined
}

function openXChaCha(
  master: Buffer,
  context: string,
  { nonce, ciphertext, tag }: EnvelopeCiphertext,
): Uint8Array {
  const key = blake2b(Buffer.from(context), { dkLen: KEY_BYTES, key: master, personalization: PERSONAL })
  return xchacha20poly1305(key, nonce, Buffer.from(context)).decrypt(Buffer.concat([ciphertext, tag]))
}

function openAes(
  salt: string,
  master: Buffer,
  context: string,
  { nonce, ciphertext, tag }: EnvelopeCiphertext,
): Uint8Array {
  const key = hkdf(master, salt, context)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(context)).setAuthTag(tag)
  return Buffer.concat([decipher.update(ciphertext), decipher.final()])
}

function hkdf(key: Buffer, salt: string, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, info, KEY_BYTES))
}

import { setImmediate as endOfTurn } from 'node:timers/promises'
import { isReadableDigest } from '../../crypto/passphrase-digest.ts'
import type { ImportedText } from '../../secrets/imported-text.ts'
import { openCbc } from './cbc.ts'
import type { Damage } from './context.ts'
import { isKnownAlgorithm, openEnvelope } from './envelope.ts'
import type { OldSecret } from './old-records.ts'
import { siteIdOf } from './site-id.ts'

const CBC_MODES = [0, 1, 2]
const CBC_BLOCK_BYTES = 16

/** The text of an old secret, as it can be kept. */
export type ReadText =
  | { readonly kind: 'value'; readonly value: string }
  /** It has a passphrase. */
  | { readonly kind: 'protected'; readonly text: Omit<ImportedText, 'shareDomain'> }
  | { readonly kind: 'damaged'; readonly reason: Damage }

// The last one of a queue, in which each waits for the one before.
let opened: Promise<unknown> = Promise.resolve()

/**
 * Opens the text of an old secret, as far as that is possible without its passphrase.
 *
 * One at a time, and the event loop turns before each: an old cipher takes milliseconds, and the hundred of a batch in a row
 * would keep the stores' replies waiting until they time out.
 */
export function readText(old: OldSecret, siteSecrets: readonly string[]): Promise<ReadText> {
  const reading = opened.then(() => endOfTurn()).then(() => read(old, siteSecrets))
  opened = reading.catch(() => 'its caller gets the error')
  return reading
}

function read(old: OldSecret, siteSecrets: readonly string[]): ReadText {
  const { ciphertext, passphraseDigest: digest, key } = old
  if (!isKnownCipher(old)) return { kind: 'damaged', reason: 'unknown_algorithm' }
  if (digest !== undefined && !isReadableDigest(digest)) return { kind: 'damaged', reason: 'unknown_digest' }
  if (digest !== undefined && ciphertext.kind === 'cbc' && ciphertext.mode !== 0) {
    const { mode, value: bytes } = ciphertext
    const isWhole = bytes.length > 0 && bytes.length % CBC_BLOCK_BYTES === 0
    if (!isWhole) return { kind: 'damaged', reason: 'does_not_open' }
    const sites = mode === 1 ? [] : siteSecrets.map(siteIdOf)
    return { kind: 'protected', text: { digest, cipher: { mode, key, sites }, bytes } }
  }
  const value = openWithAny(old, siteSecrets)
  if (value === undefined) return { kind: 'damaged', reason: 'does_not_open' }
  if (digest === undefined) return { kind: 'value', value }
  return { kind: 'protected', text: { digest, bytes: Buffer.from(value) } }
}

/** Tells whether nothing but the site secret and the passphrase opens an old secret. */
export function needsSiteSecretAtReveal({ ciphertext, passphraseDigest }: OldSecret): boolean {
  return ciphertext.kind === 'cbc' && ciphertext.mode === 2 && passphraseDigest !== undefined
}

/**
 * Makes sure that a site secret is the right one, as far as an old secret can tell.
 *
 * @returns Whether it tells: only one that was encrypted with the site secret, and without a passphrase in 0.23, does.
 * @throws Error when it needs a site secret, and none that was given opens it.
 */
export function verifySiteSecret(siteSecrets: readonly string[], old: OldSecret): boolean {
  const { ciphertext, passphraseDigest } = old
  if (!isKnownCipher(old)) return false
  if (ciphertext.kind === 'cbc' && (ciphertext.mode !== 2 || passphraseDigest !== undefined)) return false
  if (openWithAny(old, siteSecrets) !== undefined) return true
  throw new Error('no site secret that was given opens what the old server encrypted')
}

function isKnownCipher({ ciphertext }: OldSecret): boolean {
  if (ciphertext.kind === 'cbc') return CBC_MODES.includes(ciphertext.mode)
  return isKnownAlgorithm(ciphertext.algorithm)
}

function openWithAny({ ciphertext, key }: OldSecret, siteSecrets: readonly string[]): string | undefined {
  // What needs no site secret opens with any.
  for (const siteSecret of siteSecrets.length === 0 ? [''] : siteSecrets) {
    const value =
      ciphertext.kind === 'cbc'
        ? openCbc(ciphertext, { key, siteSecret })
        : openEnvelope(ciphertext, { key, siteSecret })
    if (value !== undefined) return value
  }
  return undefined
}

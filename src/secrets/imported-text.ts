import { type Binding, open, seal } from '../crypto/envelope.ts'
import type { Hashing } from '../crypto/hash-queue.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import type { RecordId, SecretKey } from './keys.ts'

/** An imported secret with a passphrase, which is checked by what the other server kept for that. */
export interface ImportedText {
  readonly shareDomain?: string | undefined
  /** The digest of the passphrase that the other server made. */
  readonly digest: string
  /** How the other server encrypted `bytes`, if only the passphrase opens them. Otherwise they are the value. */
  readonly cipher?: OldCipher | undefined
  readonly bytes: Buffer
}

/** How Onetime Secret up to 0.23 encrypted a secret with a passphrase. */
export interface OldCipher {
  readonly mode: 1 | 2
  /** The key in the secret link. */
  readonly key: string
  /** Labelled hashes of the site secrets that were given at the import. Nothing proved then that any of them was used. */
  readonly sites: readonly string[]
}

/**
 * Checks the passphrase of an imported secret, and returns its value.
 *
 * @returns Undefined when the passphrase is wrong.
 * @throws DomainError `overloaded`; `missing_site_secret` when the passphrase is right, but no site secret in the settings opens
 *   the old cipher; `unreadable_record` when it needs none, and does not open all the same.
 */
export type OpenImported = (
  text: ImportedText,
  passphrase: string,
  hashing: Hashing,
) => Promise<string | undefined>

/**
 * Seals an imported secret with a passphrase for the holder of the secret key. The passphrase is no part of the key. Source:
 * src/crypto/SPEC.md section 3.
 */
export function sealImported(
  ring: KeyRing,
  secretKey: SecretKey,
  { bytes, ...head }: ImportedText,
  binding: Binding<RecordId>,
): Buffer {
  const plaintext = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\0`), bytes])
  return seal(ring, keyInput(secretKey), plaintext, binding)
}

/**
 * Opens an imported secret with a passphrase, which is not checked yet.
 *
 * @returns Undefined when the key is wrong, the record was changed, or its format or root key is unknown.
 */
export function openImportedText(
  ring: KeyRing,
  secretKey: SecretKey,
  sealed: Buffer,
  binding: Binding<RecordId>,
): ImportedText | undefined {
  const plaintext = open(ring, keyInput(secretKey), sealed, binding)
  if (plaintext === undefined) return undefined
  const end = plaintext.indexOf(0)
  const head = JSON.parse(plaintext.toString('utf8', 0, end)) as Omit<ImportedText, 'bytes'>
  return { ...head, bytes: plaintext.subarray(end + 1) }
}

function keyInput(secretKey: SecretKey) {
  return { label: 'imported', parts: [secretKey], digestInside: true } as const
}

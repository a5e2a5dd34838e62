import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hashSync } from 'bcryptjs'
import type { ImportContext } from '../../../src/importer/onetime-secret/context.ts'
import type { OldReceipt, OldSecret } from '../../../src/importer/onetime-secret/old-records.ts'
import { milliseconds, seconds } from '../../../src/time.ts'
import { START, type Stage } from '../../secrets/stage.ts'
import { sealOld } from './seal-old.ts'

/** A text as a real server kept it. */
interface OldText {
  readonly key: string
  readonly passphrase: string | null
  readonly digest: string | null
  readonly text: string
}

/** A text of 0.20.5. */
export interface CbcText extends OldText {
  readonly mode: 0 | 1 | 2
  /** In base64. */
  readonly value: string
}

/** A text of 0.26. All bytes are in base64. */
export interface EnvelopeText extends OldText {
  readonly algorithm: string
  readonly nonce: string
  readonly ciphertext: string
  readonly tag: string
  readonly keyVersion: string
}

/** What was taken from the Redis of real servers: of 0.20.5, and what the encryption providers of 0.26 made. */
export const { cbc, envelopes } = JSON.parse(
  readFileSync(new URL('ciphertexts.json', import.meta.url), 'utf8'),
) as {
  readonly cbc: { readonly siteSecret: string; readonly texts: readonly CbcText[] }
  readonly envelopes: { readonly siteSecret: string; readonly texts: readonly EnvelopeText[] }
}

/** The ttl of every old secret here: a week. */
export const OLD_TTL = seconds(604_800)

const CREATED = START / 1000 - 3600
const EXPIRES = milliseconds((CREATED + OLD_TTL) * 1000)

/** Returns a key as servers of 0.24 make it, or of another length. */
export function oldKey(length = 62): string {
  return Array.from(randomBytes(length), (byte) => (byte % 36).toString(36)).join('')
}

/** Returns what an import into a stage works with. */
export function importInto(
  stage: Stage,
  siteSecrets: readonly string[] = [cbc.siteSecret, envelopes.siteSecret],
): ImportContext {
  return { secrets: stage.secrets(), accounts: stage.accounts(), siteSecrets }
}

/** Returns a receipt as it is read from an old server, changed as the test wants it. */
export function oldReceipt(changes: Partial<OldReceipt> = {}): OldReceipt {
  return {
    key: oldKey(),
    state: 'new',
    created: CREATED,
    updated: CREATED,
    hasPassphrase: false,
    secretTtl: OLD_TTL,
    expires: milliseconds((CREATED + 2 * OLD_TTL) * 1000),
    ...changes,
  }
}

/** Returns a secret as it is read from an old server, in plain text, changed as the test wants it. */
export function oldSecret(changes: Partial<OldSecret> = {}): OldSecret {
  const { key = oldKey(), receipt = oldReceipt({ secretKey: key }) } = changes
  return {
    key,
    receiptKey: receipt.key,
    receipt,
    state: 'new',
    ciphertext: { kind: 'cbc', mode: 0, value: Buffer.from('kept by the old server') },
    truncated: false,
    created: CREATED,
    lifespan: OLD_TTL,
    expires: EXPIRES,
    ...changes,
  }
}

/** Returns the secret that a text of a real server belongs to. */
export function oldSecretOf(old: CbcText | EnvelopeText): OldSecret {
  const ciphertext: OldSecret['ciphertext'] =
    'mode' in old
      ? { kind: 'cbc', mode: old.mode, value: Buffer.from(old.value, 'base64') }
      : {
          kind: 'envelope',
          algorithm: old.algorithm,
          nonce: Buffer.from(old.nonce, 'base64'),
          ciphertext: Buffer.from(old.ciphertext, 'base64'),
          tag: Buffer.from(old.tag, 'base64'),
          keyVersion: old.keyVersion,
        }
  const hasPassphrase = old.digest !== null
  return oldSecret({
    key: old.key,
    receipt: oldReceipt({ secretKey: old.key, hasPassphrase }),
    ciphertext,
    ...(old.digest !== null && { passphraseDigest: old.digest }),
  })
}

/** Returns a secret of 0.23 with a passphrase, at the least cost that bcrypt has. */
export function oldProtected(
  passphrase: string,
  text: string,
  { siteSecret = cbc.siteSecret, mode = 2 as 1 | 2, key = oldKey(31) } = {},
): OldSecret {
  const input = [...(mode === 2 ? [siteSecret] : []), key, passphrase].join(':')
  return oldSecret({
    key,
    receipt: oldReceipt({ key: oldKey(31), secretKey: key, hasPassphrase: true }),
    ciphertext: { kind: 'cbc', mode, value: sealOld(input, text) },
    passphraseDigest: hashSync(passphrase, 4),
  })
}

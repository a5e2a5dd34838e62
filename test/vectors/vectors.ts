import { readFileSync } from 'node:fs'
import type { AccountId } from '../../src/accounts/records.ts'
import type { Token } from '../../src/accounts/tokens.ts'
import { createKeyRing, type KeyRing } from '../../src/crypto/key-ring.ts'
import type { AliasId } from '../../src/secrets/alias-ids.ts'
import type { ImportedText } from '../../src/secrets/imported-text.ts'
import type { ReceiptKey, RecordId, SecretKey } from '../../src/secrets/keys.ts'
import type { ReceiptDetails } from '../../src/secrets/receipt-details.ts'
import type { Milliseconds, Seconds } from '../../src/time.ts'

// The data is frozen with the words of 0.1.0: a message is a sealed secret, and a metadata key is a receipt key.

interface Sealed {
  readonly name: string
  readonly rootKey: string
  readonly id: RecordId
  readonly created: Milliseconds
  readonly ttl: Seconds
  readonly sealed: string
}

interface GoodSecret extends Sealed {
  readonly secretKey: SecretKey
  /** Different spellings of the one that opens; none for none. */
  readonly passphrases: readonly string[]
  readonly value: string
  readonly shareDomain: string
}

interface BadSecret extends Sealed {
  /** `refused` by its header before any hashing, or `closed` by its tag. */
  readonly expect: 'refused' | 'closed'
  readonly secretKey: SecretKey
  readonly passphrase: string
}

interface SealedDetails extends Sealed {
  readonly metadataKey: ReceiptKey
}

interface SealedMemo extends Omit<SealedDetails, 'sealed'> {
  /** The salt and the envelope. */
  readonly stored: string
}

interface SealedSender extends Sealed {
  readonly secretKey: SecretKey
}

interface SealedAlias {
  readonly name: string
  readonly rootKey: string
  readonly kind: 'secret' | 'receipt'
  readonly linkKey: SecretKey & ReceiptKey
  readonly id: AliasId
  readonly expires: Milliseconds
  /** The salt and the envelope. */
  readonly stored: string
}

interface SealedImported extends Sealed {
  readonly secretKey: SecretKey
}

interface Derivations {
  readonly roots: readonly { rootKey: string; rootId: string }[]
  readonly pairs: readonly { metadataKey: ReceiptKey; secretKey: SecretKey; id: RecordId }[]
  readonly derived: readonly { rootKey: string; label: string; parts: readonly string[]; output: string }[]
  readonly imported: readonly {
    linkKey: SecretKey & ReceiptKey
    secretAliasId: string
    receiptAliasId: string
  }[]
  readonly sites: readonly { siteSecret: string; siteId: string }[]
  readonly accounts: readonly {
    rootKey: string
    given: readonly string[]
    email: string
    urName: string
    token: Token
    accountId: AccountId
    tokenHash: string
  }[]
}

interface Good {
  readonly messages: readonly GoodSecret[]
  readonly details: readonly (SealedDetails & { readonly details: ReceiptDetails })[]
  readonly memos: readonly (SealedMemo & { readonly memo: string })[]
  readonly account: {
    readonly rootKey: string
    readonly email: string
    readonly token: Token
    readonly created: Milliseconds
    readonly metadataKey: ReceiptKey
    readonly storedRecent: string
    readonly storedEmail: string
  }
  readonly senders: readonly (SealedSender & { readonly email: string })[]
  readonly aliases: readonly (SealedAlias & { readonly content: object })[]
  readonly imported: readonly (SealedImported & {
    readonly head: Omit<ImportedText, 'bytes'>
    readonly bytes: string
  })[]
}

interface Bad {
  readonly messages: readonly BadSecret[]
  readonly details: readonly SealedDetails[]
  readonly memos: readonly SealedMemo[]
  readonly senders: readonly SealedSender[]
  readonly aliases: readonly SealedAlias[]
  readonly imported: readonly SealedImported[]
}

export const derivations = read<Derivations>('derivations')
export const good = read<Good>('good')
export const bad = read<Bad>('bad')

/** Returns a ring of root keys given in hexadecimal. */
export function ringOf(...rootKeys: readonly string[]): KeyRing {
  return createKeyRing(rootKeys.map(bytes))
}

/** Returns the bytes that a vector gives in hexadecimal. */
export function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex')
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8')) as T
}

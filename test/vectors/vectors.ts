import { readFileSync } from 'node:fs'
import { createKeyRing, type KeyRing } from '../../src/crypto/key-ring.ts'
import type { Details } from '../../src/secrets/receipt-details.ts'

interface Sealed {
  readonly name: string
  readonly rootKey: string
  readonly id: string
  readonly created: number
  readonly ttl: number
  readonly sealed: string
}

interface GoodMessage extends Sealed {
  readonly secretKey: string
  /** Different spellings of the one that opens; none for none. */
  readonly passphrases: readonly string[]
  readonly value: string
  readonly shareDomain: string
}

interface BadMessage extends Sealed {
  readonly expect: 'refused' | 'closed'
  readonly secretKey: string
  readonly passphrase: string
}

interface SealedDetails extends Sealed {
  readonly receiptKey: string
}

interface Derivations {
  readonly roots: readonly { rootKey: string; rootId: string }[]
  readonly pairs: readonly { receiptKey: string; secretKey: string; id: string }[]
  readonly derived: readonly { rootKey: string; label: string; parts: readonly string[]; output: string }[]
  readonly accounts: readonly {
    rootKey: string
    given: readonly string[]
    email: string
    token: string
    accountId: string
    tokenHash: string
  }[]
}

interface Good {
  readonly messages: readonly GoodMessage[]
  readonly details: readonly (SealedDetails & { readonly details: Details })[]
  readonly account: {
    readonly rootKey: string
    readonly email: string
    readonly token: string
    readonly created: number
    readonly receiptKey: string
    readonly storedRecent: string
    readonly storedEmail: string
  }
}

interface Bad {
  readonly messages: readonly BadMessage[]
  readonly details: readonly SealedDetails[]
}

export const derivations = read<Derivations>('derivations')
export const good = read<Good>('good')
export const bad = read<Bad>('bad')

/** @returns A ring of root keys given in hexadecimal. */
export function ringOf(...rootKeys: readonly string[]): KeyRing {
  return createKeyRing(rootKeys.map(bytes))
}

/** @returns The bytes that a vector gives in hexadecimal. */
export function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex')
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8')) as T
}

import { readFileSync } from 'node:fs'

/** What an older version has written to a store, and what it answers about it at the moment `openedAt`. */
export interface Expected {
  /** Those that it was written under, but for where the store is. */
  readonly settings: Readonly<Record<string, string>>
  /** Unix milliseconds. */
  readonly openedAt: number
  readonly secrets: readonly ExpectedSecret[]
  readonly accounts: readonly (Credentials & { readonly recent: readonly { metadata_key: string }[] })[]
  /** What `account list` prints. */
  readonly listed: readonly { readonly email: string; readonly created: string }[]
  /** With tokens that were replaced. */
  readonly refused: readonly Credentials[]
}

interface Credentials {
  readonly email: string
  readonly token: string
}

interface ExpectedSecret {
  readonly name: string
  readonly metadataKey: string
  readonly secretKey: string
  readonly passphrase?: string
  readonly shareDomain?: string
  /** Absent once the secret is gone. */
  readonly value?: string
  /** Passphrase attempts that count at `openedAt`. */
  readonly wrongAttempts?: number
  readonly receipt: { readonly state: string }
}

/** A secret that waits. */
export type UnreadSecret = ExpectedSecret & { readonly value: string }

/** @param version The folder of the version that wrote it. */
export function expectedOf(version: string): Record<'lmdb' | 'redis', Expected> {
  return JSON.parse(readFileSync(new URL(`${version}/expected.json`, import.meta.url), 'utf8'))
}

/** @returns The secrets that wait, and whose passphrase nobody has tried. */
export function unreadOf({ secrets }: Expected): UnreadSecret[] {
  return secrets
    .filter((secret) => isUnread(secret))
    .filter(({ wrongAttempts }) => wrongAttempts === undefined)
}

function isUnread(secret: ExpectedSecret): secret is UnreadSecret {
  return secret.value !== undefined
}

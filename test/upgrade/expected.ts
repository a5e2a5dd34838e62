import { readFileSync } from 'node:fs'

/** What an older version wrote to a store, and how it answers about it at the moment `openedAt`. */
export interface Expected {
  /** The settings of the server that wrote it, without the location of the store. */
  readonly settings: Readonly<Record<string, string>>
  /** Unix milliseconds. */
  readonly openedAt: number
  readonly secrets: readonly ExpectedSecret[]
  readonly accounts: readonly (Credentials & { readonly recent: readonly { metadata_key: string }[] })[]
  /** What `account list` prints. */
  readonly listed: readonly { readonly email: string; readonly created: string }[]
  /** Accounts with a token that was replaced. */
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

/** A secret that was neither revealed nor burned. */
export type UnreadSecret = ExpectedSecret & { readonly value: string }

/**
 * Reads what is expected of the two stores of one version.
 * @param version The folder of the version that wrote them.
 */
export function expectedOf(version: string): Record<'lmdb' | 'redis', Expected> {
  return JSON.parse(readFileSync(new URL(`${version}/expected.json`, import.meta.url), 'utf8'))
}

/** Finds the unread secrets whose passphrase nobody has tried. */
export function unreadOf({ secrets }: Expected): UnreadSecret[] {
  return secrets
    .filter((secret) => isUnread(secret))
    .filter(({ wrongAttempts }) => wrongAttempts === undefined)
}

function isUnread(secret: ExpectedSecret): secret is UnreadSecret {
  return secret.value !== undefined
}

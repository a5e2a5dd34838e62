import { type AccountId, parseAccountId } from '../../accounts/records.ts'
import { type AliasId, parseAliasId } from '../../secrets/alias-ids.ts'
import { PARTITION_LENGTH, parseRecordId, type RecordId } from '../../secrets/keys.ts'
import type { Outcome } from '../../secrets/records.ts'

// Each key has a fixed prefix, so that no id can form a key of another kind. The keys of a secret have its partition as hash
// tag, so that Redis Cluster keeps them in one slot for the scripts.

/** The Redis key of the hash with all accounts, one field each: there are only a few. */
export const ACCOUNTS = 'el:accounts'

/** The Redis key of the hash with all root keys that have sealed something. */
export const ROOTS = 'el:roots'

/** Returns the Redis key of a secret's record. */
export function secretRecord(id: RecordId): string {
  return `el:s:${tagged(id)}`
}

/** Returns the record id from the Redis key of a secret; undefined for another key. */
export function idOfSecret(key: string): RecordId | undefined {
  return key.startsWith('el:s:') ? parseRecordId(key.slice('el:s:'.length).replace(/[{}]/g, '')) : undefined
}

/** Returns the Redis key of a secret's receipt. */
export function receiptRecord(id: RecordId): string {
  return `el:m:${tagged(id)}`
}

/** Matches the Redis keys of all receipts. */
export const ALL_RECEIPTS = 'el:m:*'

/** Returns the record id from the Redis key of a receipt; undefined for another key. */
export function idOfReceipt(key: string): RecordId | undefined {
  return parseRecordId(key.slice('el:m:'.length).replace(/[{}]/g, ''))
}

const ATTEMPTS = { received: 'el:g:', burned: 'el:b:' } as const

/**
 * Returns the Redis key of the passphrase attempts at a secret.
 *
 * @param outcome What the attempts aimed at.
 * @param network The hashed client network; without it, the attempts of all networks together.
 */
export function attemptCounter(id: RecordId, outcome: Outcome, network?: string): string {
  const all = ATTEMPTS[outcome] + tagged(id)
  return network === undefined ? all : `${all}:${network}`
}

/** Returns the Redis key of an account's recent list. */
export function recentList(id: AccountId): string {
  return `el:recent:${id}`
}

/** Matches the Redis keys of all recent lists. */
export const ALL_RECENT_LISTS = 'el:recent:*'

/** Returns the account id from the Redis key of a recent list; undefined for another key. */
export function ownerOfRecentList(key: string): AccountId | undefined {
  return parseAccountId(key.slice('el:recent:'.length))
}

/** Returns the Redis key of the epoch of an account's sessions. */
export function sessionEpoch(id: AccountId): string {
  return `el:sessions:${id}`
}

/** Matches the Redis keys of all session epochs. */
export const ALL_SESSION_EPOCHS = 'el:sessions:*'

/** Returns the account id from the Redis key of a session epoch; undefined for another key. */
export function ownerOfSessionEpoch(key: string): AccountId | undefined {
  return parseAccountId(key.slice('el:sessions:'.length))
}

/** Returns the Redis key of an alias record. */
export function aliasRecord(id: AliasId): string {
  return `el:a:${id}`
}

/** Matches the Redis keys of all alias records. */
export const ALL_ALIASES = 'el:a:*'

/** Returns the id from the Redis key of an alias record; undefined for another key. */
export function idOfAlias(key: string): AliasId | undefined {
  return parseAliasId(key.slice('el:a:'.length))
}

/** The Redis key of the time until which secrets wait for a site secret of another server. */
export const AWAITED_SITE_SECRET = 'el:awaited:site-secret'

/** Returns the Redis key of a rate limit bucket. */
export function rateCounter(bucket: string): string {
  return `el:r:${bucket}`
}

/** Returns a Redis key for readiness checks. Different numbers usually lead to different slots. */
export function probeKey(number: number): string {
  return `el:probe:${number}`
}

/** Returns a Redis key for finding out whether replicas follow, in the slot of another key. */
export function replicationMark(key: string): string {
  const tag = /\{(.+?)\}/.exec(key)?.[1] ?? key
  return `el:probe:{${tag}}`
}

function tagged(id: RecordId): string {
  return `{${id.slice(0, PARTITION_LENGTH)}}${id.slice(PARTITION_LENGTH)}`
}

import { type AccountId, parseAccountId } from '../../accounts/records.ts'
import { PARTITION_LENGTH, parseRecordId, type RecordId } from '../../secrets/keys.ts'

// Each name has a fixed prefix and, where a script uses two of them, the partition as hash tag, so that Redis Cluster
// keeps both in one slot. Whatever an id looks like, it cannot name a key of another kind.

/** One hash for all accounts: there are few, and each is found by one field. */
export const ACCOUNTS = 'el:accounts'

/** Returns the Redis key of the record that holds a secret. */
export function secretRecord(id: RecordId): string {
  return `el:s:${tagged(id)}`
}

/** Returns the Redis key of the record that outlives a secret. */
export function receiptRecord(id: RecordId): string {
  return `el:m:${tagged(id)}`
}

/** Matches the Redis keys of all receipts. */
export const ALL_RECEIPTS = 'el:m:*'

/** Returns the record id in the Redis key of a receipt; undefined when it is none of ours. */
export function idOfReceipt(key: string): RecordId | undefined {
  return parseRecordId(key.slice('el:m:'.length).replace(/[{}]/g, ''))
}

/**
 * Returns the Redis key under which passphrase attempts at a secret are counted.
 *
 * @param network Whose; those of all client networks by default.
 */
export function attemptCounter(id: RecordId, network?: string): string {
  return network === undefined ? `el:g:${tagged(id)}` : `el:g:${tagged(id)}:${network}`
}

/** Returns the Redis key of an account's recent list. */
export function recentList(id: AccountId): string {
  return `el:recent:${id}`
}

/** Matches the Redis keys of all recent lists. */
export const ALL_RECENT_LISTS = 'el:recent:*'

/** Returns the account in the Redis key of a recent list; undefined when it is none of ours. */
export function ownerOfRecentList(key: string): AccountId | undefined {
  return parseAccountId(key.slice('el:recent:'.length))
}

/** Returns the Redis key under which the requests of a bucket are counted. */
export function rateCounter(bucket: string): string {
  return `el:r:${bucket}`
}

/** Returns a Redis key for `ready` to write to; another number is likely to be in another slot. */
export function probeKey(number: number): string {
  return `el:probe:${number}`
}

function tagged(id: RecordId): string {
  return `{${id.slice(0, PARTITION_LENGTH)}}${id.slice(PARTITION_LENGTH)}`
}

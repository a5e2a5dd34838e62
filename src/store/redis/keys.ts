import type { AccountId } from '../../accounts/records.ts'
import { PARTITION_LENGTH, type RecordId } from '../../crypto/keys.ts'

// Every name has a fixed front and, where two of them meet in one script, the partition as hash tag, so that Redis
// Cluster keeps them in one slot. Whatever an id looks like, it cannot lead out of its own kind.

/** One hash for all accounts: there are few, and each is found by one field. */
export const ACCOUNTS = 'el:accounts'

/** @returns Where the half with the message is. */
export function secretKey(id: RecordId): string {
  return `el:s:${tagged(id)}`
}

/** @returns Where the half that outlives the message is. */
export function metadataKey(id: RecordId): string {
  return `el:m:${tagged(id)}`
}

/** Matches where every half that outlives a message is. */
export const ALL_METADATA = 'el:m:*'

/** @returns The id whose metadata is there. */
export function idOfMetadata(key: string): RecordId {
  return key.slice('el:m:'.length).replace(/[{}]/g, '')
}

/**
 * @param source Who guesses; all sources together if left out.
 * @returns Where guesses at a secret are counted.
 */
export function guessKey(id: RecordId, source?: string): string {
  return source === undefined ? `el:g:${tagged(id)}` : `el:g:${tagged(id)}:${source}`
}

/** @returns Where an account's recent list is. */
export function recentKey(id: AccountId): string {
  return `el:recent:${id}`
}

/** @returns The account whose recent list is there. */
export function recentOwner(key: string): AccountId {
  return key.slice(recentKey('').length)
}

/** @returns Where the requests of a bucket are counted. */
export function rateKey(bucket: string): string {
  return `el:r:${bucket}`
}

/** @returns What `ready` writes to; another number is likely to be in another slot. */
export function probeKey(number: number): string {
  return `el:probe:${number}`
}

function tagged(id: RecordId): string {
  return `{${id.slice(0, PARTITION_LENGTH)}}${id.slice(PARTITION_LENGTH)}`
}

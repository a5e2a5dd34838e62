import { type Clock, type Milliseconds, milliseconds, type Seconds } from '../../time.ts'
import type { OldPlace } from './old-names.ts'
import { isHash, type OldHash, type ReadHash } from './read-hashes.ts'
import { UnusableRecord } from './unusable.ts'

/** A record as it was found in the old Redis. */
export interface FoundRecord<Content> {
  /** The key in its link; of an account, what its name contains. */
  readonly id: string
  /** Everything that the record comprises, itself first. */
  readonly places: readonly [OldPlace, ...OldPlace[]]
  readonly content: Content | UnusableRecord
  /** It would never have expired. */
  readonly withoutTtl: boolean
}

/** How times in the old Redis become ours. */
export interface OldTimes {
  readonly now: Clock
  /** What a secret without TTL gets. */
  readonly ttlWithout: Seconds
}

/**
 * Returns when a record expires.
 *
 * @param lives How many times the ttl of a secret it lives.
 */
export function expiryOf(
  { ttl }: Pick<OldHash, 'ttl'>,
  { now, ttlWithout }: OldTimes,
  lives: 1 | 2,
): Milliseconds {
  return milliseconds(now() + (ttl ?? ttlWithout * 1000 * lives))
}

/** Parses a hash, and keeps what is wrong with it as its content. */
export function parseHash<Content>(
  hash: ReadHash,
  parse: (hash: OldHash) => Content,
): Content | UnusableRecord {
  if (hash === undefined) return new UnusableRecord('gone')
  if (hash instanceof UnusableRecord) return hash
  try {
    return parse(hash)
  } catch (error) {
    if (error instanceof UnusableRecord) return error
    throw error
  }
}

/** Tells whether a hash exists and has no TTL. */
export function lacksTtl(hash: ReadHash): boolean {
  return isHash(hash) && hash.ttl === undefined
}

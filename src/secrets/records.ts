import type { RecordId } from '../crypto/keys.ts'

/** What became of a secret. The last four are final. Source: v1-api section 4. */
export type State = 'new' | 'viewed' | 'received' | 'burned' | 'expired' | 'orphaned'

/** How a claim ends a secret. */
export type Outcome = 'received' | 'burned'

/** The stored half that holds the message, deleted by the claim. */
export interface SecretRecord {
  /** The sealed message, see crypto/SPEC.md. */
  readonly sealed: Buffer
  /** Whether the message was sealed under a passphrase too. */
  readonly protected: boolean
  /** Id of the root key that it is sealed under. */
  readonly root: string
}

/** The stored half that outlives the message and says what became of it. */
export interface MetadataRecord {
  readonly state: State
  /** Unix milliseconds. */
  readonly created: number
  /** Unix milliseconds of the last change of state. */
  readonly updated: number
  /** Seconds that the secret was granted; the metadata lives twice as long. */
  readonly ttl: number
  readonly protected: boolean
  /** Who created it, for whom, and for which domain, sealed; absent when there is none of these. */
  readonly sealed?: Buffer
}

/** Both halves of a secret, stored under one id; the one with the message is absent once that is gone. */
export interface StoredPair {
  readonly id: RecordId
  readonly metadata: MetadataRecord
  readonly secret?: SecretRecord
}

/** Both halves of a new secret. */
export type NewPair = Required<StoredPair>

/**
 * @param record Either half's creation time (Unix ms) and ttl (s).
 * @returns Unix milliseconds at which the secret is gone.
 */
export function secretExpiry(record: Pick<MetadataRecord, 'created' | 'ttl'>): number {
  return record.created + record.ttl * 1000
}

/**
 * @param record The record's creation time (Unix ms) and the secret's ttl (s).
 * @returns Unix milliseconds at which the metadata is gone: twice the secret's time.
 */
export function metadataExpiry(record: Pick<MetadataRecord, 'created' | 'ttl'>): number {
  return record.created + record.ttl * 2000
}

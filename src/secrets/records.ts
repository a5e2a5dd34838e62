import { after, type Milliseconds, type Seconds } from '../time.ts'
import type { RecordId } from './keys.ts'

/** What became of a secret. The last four are final. Source: docs/api/v1.md section 4. */
export type State = 'new' | 'viewed' | 'received' | 'burned' | 'expired' | 'orphaned'

/** How a claim ends a secret. */
export type Outcome = 'received' | 'burned'

/** The record that holds the secret; the claim deletes it. */
export interface SecretRecord {
  /** The sealed secret. Source: src/crypto/SPEC.md section 3. */
  readonly sealed: Buffer
  /** Whether the secret was sealed under a passphrase too. */
  readonly protected: boolean
  /** Id of the root key that it is sealed under. */
  readonly root: string
}

/** The record that outlives the secret and says what became of it. */
export interface ReceiptRecord {
  readonly state: State
  readonly created: Milliseconds
  /** When the state last changed. */
  readonly updated: Milliseconds
  /** As granted to the secret; its receipt lives twice as long. */
  readonly ttl: Seconds
  readonly protected: boolean
  /** Who created it, for whom, and for which domain, sealed; absent when there is none of these. */
  readonly sealed?: Buffer
}

/** Both records of a secret, which only change together. */
export interface RecordPair {
  readonly receipt: ReceiptRecord
  /** Absent once the secret is claimed or expired. */
  readonly secret?: SecretRecord
}

/** Both records with the id under which they are stored. */
export interface StoredPair extends RecordPair {
  readonly id: RecordId
}

/** Both records of a new secret. */
export type NewPair = Required<StoredPair>

/** Returns when a secret expires. */
export function secretExpiry({ created, ttl }: Pick<ReceiptRecord, 'created' | 'ttl'>): Milliseconds {
  return after(created, ttl)
}

/** Returns when the receipt of a secret expires: after twice the secret's ttl. */
export function receiptExpiry({ created, ttl }: Pick<ReceiptRecord, 'created' | 'ttl'>): Milliseconds {
  return after(after(created, ttl), ttl)
}

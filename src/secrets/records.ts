import { after, type Milliseconds, type Seconds } from '../time.ts'
import type { RecordId } from './keys.ts'

/** The state of a secret. The last four are final. Source: docs/api/v1.md section 4. */
export type State = 'new' | 'viewed' | 'received' | 'burned' | 'expired' | 'orphaned'

/** How a claim ends a secret. */
export type Outcome = 'received' | 'burned'

/** Whether the sender wrote the value of a secret, or the server generated it. */
export type Origin = 'given' | 'generated'

/** The record with the sealed secret, which a claim deletes. */
export interface SecretRecord {
  /** The sealed secret. Source: src/crypto/SPEC.md section 3. */
  readonly sealed: Buffer
  /** Whether the secret has a passphrase. */
  readonly protected: boolean
  /** Id of the root key that it is sealed under. */
  readonly root: string
  /** The sealed email address of its sender; absent unless the sender chose to tell the recipient. */
  readonly sender?: Buffer
}

/** The record that outlives the secret and keeps its state. */
export interface ReceiptRecord {
  readonly state: State
  readonly created: Milliseconds
  /** When the state last changed. */
  readonly updated: Milliseconds
  /** The secret's; the receipt lives twice as long. */
  readonly ttl: Seconds
  readonly protected: boolean
  readonly origin: Origin
  /** The sealed `ReceiptDetails`; absent when there are none. */
  readonly sealed?: Buffer
  /** The sealed memo, after its salt; absent when there is none. */
  readonly memo?: Buffer
}

/** What is known of an available secret without opening it. */
export type AvailableSecret = Pick<ReceiptRecord, 'created' | 'ttl' | 'protected'> &
  Pick<SecretRecord, 'sender'>

/** Both records of a secret, which always change together. */
export interface RecordPair {
  readonly receipt: ReceiptRecord
  /** Absent once the secret is claimed or expired. */
  readonly secret?: SecretRecord
}

/** Both records of a secret, with their id. */
export interface StoredPair extends RecordPair {
  readonly id: RecordId
}

/** Returns when a secret expires. */
export function secretExpiry({ created, ttl }: Pick<ReceiptRecord, 'created' | 'ttl'>): Milliseconds {
  return after(created, ttl)
}

/** Returns when a receipt expires: after twice the secret's ttl. */
export function receiptExpiry({ created, ttl }: Pick<ReceiptRecord, 'created' | 'ttl'>): Milliseconds {
  return after(after(created, ttl), ttl)
}

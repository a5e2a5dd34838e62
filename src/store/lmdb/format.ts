import type { Attempts } from '../../secrets/attempts.ts'
import type { AliasRecord } from '../../secrets/import-store.ts'
import type { Origin, ReceiptRecord, RecordPair, SecretRecord } from '../../secrets/records.ts'
import { type Milliseconds, milliseconds } from '../../time.ts'

// The field names on disk are frozen: every version opens the files of 0.1.0.

const NONE = milliseconds(0)

/** A receipt, as stored on disk. A given secret has no `origin`, like every secret of 0.1.0. */
type ReceiptOnDisk = Omit<ReceiptRecord, 'origin'> & { readonly origin?: 'generated' }

/** Both records of a secret, as stored on disk. */
export interface PairOnDisk {
  readonly metadata: ReceiptOnDisk
  readonly secret?: SecretRecord
}

/** Counted passphrase attempts, as stored on disk. */
export interface AttemptsOnDisk {
  readonly all: Attempts['all']
  readonly bySource: Attempts['byNetwork']
  /** The others are missing in what 0.1.0 wrote. */
  readonly newcomersFrom?: Milliseconds
  readonly total?: number
  readonly until?: Milliseconds
}

/** The epoch of an account's sessions, as stored on disk. */
export interface SessionEpochOnDisk {
  readonly epoch: Milliseconds
  /** When it may be dropped. */
  readonly until: Milliseconds
}

/** An alias record, as stored on disk. */
export type AliasOnDisk = Omit<AliasRecord, 'id'>

/** Converts a pair for storage. */
export function encodePair({ receipt, secret }: RecordPair): PairOnDisk {
  const { origin, ...others } = receipt
  const metadata = origin === 'given' ? others : { ...others, origin }
  return secret === undefined ? { metadata } : { metadata, secret }
}

/** Converts a stored pair back. */
export function decodePair({ metadata, secret }: PairOnDisk): RecordPair {
  // Not spread, which takes V8 ten times as long here.
  const receipt: ReceiptRecord = Object.assign<{ origin: Origin }, typeof metadata>(
    { origin: 'given' },
    metadata,
  )
  return secret === undefined ? { receipt } : { receipt, secret }
}

/** Converts attempts for storage. */
export function encodeAttempts({ byNetwork, ...attempts }: Attempts): AttemptsOnDisk {
  return { ...attempts, bySource: byNetwork }
}

/** Converts stored attempts back. */
export function decodeAttempts({
  all,
  bySource,
  newcomersFrom = NONE,
  total = all.count,
  until = NONE,
}: AttemptsOnDisk): Attempts {
  return { all, byNetwork: bySource, newcomersFrom, total, until }
}

import type { Attempts } from '../../secrets/attempts.ts'
import type { ReceiptRecord, RecordPair, SecretRecord } from '../../secrets/records.ts'
import { type Milliseconds, milliseconds } from '../../time.ts'

// The field names on disk are frozen: every version opens the files of 0.1.0.

const NONE = milliseconds(0)

/** Both records of a secret, as stored on disk. */
export interface PairOnDisk {
  readonly metadata: ReceiptRecord
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

/** Converts a pair for storage. */
export function encodePair({ receipt, secret }: RecordPair): PairOnDisk {
  return secret === undefined ? { metadata: receipt } : { metadata: receipt, secret }
}

/** Converts a stored pair back. */
export function decodePair({ metadata, secret }: PairOnDisk): RecordPair {
  return secret === undefined ? { receipt: metadata } : { receipt: metadata, secret }
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

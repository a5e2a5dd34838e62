import type { Attempts } from '../../secrets/attempts.ts'
import type { ReceiptRecord, RecordPair, SecretRecord } from '../../secrets/records.ts'

// The field names on disk are those of 0.1.0, whose files every later version opens.

/** Both records of a secret as they are on disk. */
export interface PairOnDisk {
  readonly metadata: ReceiptRecord
  readonly secret?: SecretRecord
}

/** Counted passphrase attempts as they are on disk. */
export interface AttemptsOnDisk {
  readonly all: Attempts['all']
  readonly bySource: Attempts['byNetwork']
}

/** Returns a pair as it is written. */
export function encodePair({ receipt, secret }: RecordPair): PairOnDisk {
  return secret === undefined ? { metadata: receipt } : { metadata: receipt, secret }
}

/** Returns a pair as it was read. */
export function decodePair({ metadata, secret }: PairOnDisk): RecordPair {
  return secret === undefined ? { receipt: metadata } : { receipt: metadata, secret }
}

/** Returns attempts as they are written. */
export function encodeAttempts({ all, byNetwork }: Attempts): AttemptsOnDisk {
  return { all, bySource: byNetwork }
}

/** Returns attempts as they were read. */
export function decodeAttempts({ all, bySource }: AttemptsOnDisk): Attempts {
  return { all, byNetwork: bySource }
}

import { randomBytes } from 'node:crypto'
import { newReceiptKey, type RecordId, recordIdOf, secretKeyOf } from '../../src/secrets/keys.ts'
import type { NewPair, ReceiptRecord, SecretRecord } from '../../src/secrets/records.ts'
import type { ClaimRequest } from '../../src/secrets/store.ts'

/** Unix milliseconds at which every test begins: long past, so that a store that asks its own clock is found out. */
export const START = Date.UTC(2026, 0, 15, 12)

/** Seconds that a sample secret lives. */
export const TTL = 600

/** Unix milliseconds at which a sample secret is gone. */
export const EXPIRY = START + TTL * 1000

/** Unix milliseconds at which a sample's metadata is gone. */
export const METADATA_EXPIRY = START + TTL * 2000

export const ROOT = 'a1b2c3d4'
export const READ: ClaimRequest = { outcome: 'received', roots: [ROOT] }
export const BURN: ClaimRequest = { outcome: 'burned', roots: [ROOT] }

/** @returns An id that no other test uses. */
export function newId(): RecordId {
  return recordIdOf(secretKeyOf(newReceiptKey()))
}

/** @returns A new pair, made at `START`, unprotected, with 128 random bytes, changed as the test wants it. */
export function newPair(secret: Partial<SecretRecord> = {}, metadata: Partial<ReceiptRecord> = {}): NewPair {
  const isProtected = secret.protected ?? false
  return {
    id: newId(),
    secret: { sealed: randomBytes(128), root: ROOT, ...secret, protected: isProtected },
    metadata: {
      state: 'new',
      created: START,
      updated: START,
      ttl: TTL,
      protected: isProtected,
      ...metadata,
    },
  }
}

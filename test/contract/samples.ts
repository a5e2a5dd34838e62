import { randomBytes } from 'node:crypto'
import { type AccountId, parseAccountId } from '../../src/accounts/records.ts'
import { newReceiptKey, type RecordId, recordIdOf, secretKeyOf } from '../../src/secrets/keys.ts'
import type { AvailableSecret, ReceiptRecord, SecretRecord, StoredPair } from '../../src/secrets/records.ts'
import type { ClaimRequest } from '../../src/secrets/store.ts'
import { milliseconds, seconds } from '../../src/time.ts'
import { later } from '../support/time.ts'

/** Both records of a new secret. */
export type NewPair = Required<StoredPair>

/** When every test begins: long past, so that a store that reads its own clock fails. */
export const START = milliseconds(Date.UTC(2026, 0, 15, 12))

/** How long a sample secret lives. */
export const TTL = seconds(600)

/** When a sample secret expires. */
export const EXPIRY = later(START, TTL * 1000)

/** When the receipt of a sample secret expires. */
export const RECEIPT_EXPIRY = later(START, TTL * 2000)

/** Id of the root key that sample secrets are sealed under. */
export const ROOT = 'a1b2c3d4'

/** A request to reveal a secret. */
export const READ: ClaimRequest = { outcome: 'received', roots: [ROOT] }

/** A request to burn a secret. */
export const BURN: ClaimRequest = { outcome: 'burned', roots: [ROOT] }

/** Makes a record id that no other test uses. */
export function newId(): RecordId {
  return recordIdOf(secretKeyOf(newReceiptKey()))
}

/** Makes an account id that no other test uses. */
export function newAccountId(): AccountId {
  const id = parseAccountId(randomBytes(16).toString('base64url'))
  if (id === undefined) throw new Error('a random account id has the wrong form')
  return id
}

/**
 * Makes both records of a new secret: created at `START`, unprotected, with 128 random bytes.
 *
 * @param secret What the test wants otherwise in the record of the secret.
 * @param receipt What the test wants otherwise in the receipt.
 */
export function newPair(secret: Partial<SecretRecord> = {}, receipt: Partial<ReceiptRecord> = {}): NewPair {
  const isProtected = secret.protected ?? false
  return {
    id: newId(),
    secret: { sealed: randomBytes(128), root: ROOT, ...secret, protected: isProtected },
    receipt: {
      state: 'new',
      created: START,
      updated: START,
      ttl: TTL,
      protected: isProtected,
      origin: 'given',
      ...receipt,
    },
  }
}

/** Returns what a peek finds of a pair. */
export function available({ receipt, secret: { sender } }: NewPair): AvailableSecret {
  const { created, ttl, protected: isProtected } = receipt
  return { created, ttl, protected: isProtected, ...(sender && { sender }) }
}

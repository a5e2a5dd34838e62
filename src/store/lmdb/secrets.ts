import { type Attempts, attemptsExpiry } from '../../secrets/attempts.ts'
import { claimStep } from '../../secrets/claim-step.ts'
import type { RecordId } from '../../secrets/keys.ts'
import { type RecordPair, type StoredPair, secretExpiry } from '../../secrets/records.ts'
import { ended, isAvailable, settled, viewed } from '../../secrets/states.ts'
import type { SecretStore } from '../../secrets/store.ts'
import { decodeAttempts, decodePair, encodeAttempts, encodePair } from './format.ts'
import type { Tables } from './tables.ts'

/** Pairs that are read at once, so that no snapshot is held while somebody else works on them. */
const PAGE = 256

/** Creates the secret store on the opened tables. */
export function createSecretStore(tables: Tables): SecretStore {
  const { environment, pairs, attempts, expiry } = tables

  return {
    create: ({ id, ...pair }) =>
      environment.write(() => {
        writePair(id, pair)
        void expiry.put([secretExpiry(pair.receipt), id], true)
      }),

    claim: (id, request, now) =>
      environment.transact(() => {
        const step = claimStep(readPair(id), readAttempts(id), request, now)
        if (step.pair !== undefined) writePair(id, step.pair)
        if (step.attempts !== undefined) writeAttempts(id, step.attempts)
        return step.claim
      }),

    take: (id, outcome, now) =>
      environment.transact(() => {
        const pair = readPair(id)
        if (!isAvailable(pair, now)) return false
        writePair(id, ended(pair, outcome, now))
        return true
      }),

    async peek(id, now) {
      const pair = environment.read(() => readPair(id))
      return isAvailable(pair, now) ? { protected: pair.secret.protected } : undefined
    },

    settle: (id, viewer, now) =>
      environment.transact(() => {
        const stored = readPair(id)
        const pair = stored && settled(stored, now)
        if (pair === undefined) return undefined
        const left = viewer === 'sender' ? viewed(pair, now) : pair
        if (left !== stored) writePair(id, left)
        return pair.receipt
      }),

    withdraw: (id) =>
      environment.transact(() => {
        void pairs.remove(id)
        void attempts.remove(id)
      }),

    async *all() {
      let page: StoredPair[] = []
      do {
        page = pageAfter(page.at(-1)?.id ?? '')
        yield* page
      } while (page.length === PAGE)
    },
  }

  function readPair(id: RecordId): RecordPair | undefined {
    const stored = pairs.get(id)
    return stored && decodePair(stored)
  }

  function writePair(id: RecordId, pair: RecordPair): void {
    void pairs.put(id, encodePair(pair))
  }

  function readAttempts(id: RecordId): Attempts | undefined {
    const stored = attempts.get(id)
    return stored && decodeAttempts(stored)
  }

  function writeAttempts(id: RecordId, counted: Attempts): void {
    void attempts.put(id, encodeAttempts(counted))
    void expiry.put([attemptsExpiry(counted), id], true)
  }

  function pageAfter(id: RecordId | ''): StoredPair[] {
    const range = { start: id as RecordId, exclusiveStart: true, limit: PAGE }
    return environment.read(() =>
      Array.from(pairs.getRange(range), ({ key, value }) => ({ id: key, ...decodePair(value) })),
    )
  }
}

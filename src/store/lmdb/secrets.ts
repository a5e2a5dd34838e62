import type { RecordId } from '../../crypto/keys.ts'
import { type StoredPair, secretExpiry } from '../../secrets/records.ts'
import type { Claim, ClaimRequest, Guess, SecretStore } from '../../secrets/store.ts'
import { countGuess, guessesExpiry } from './guesses.ts'
import { ended, isWaiting, settled, viewed, type WaitingPair } from './pairs.ts'
import type { Tables } from './tables.ts'

/** Pairs that are read at once, so that no snapshot is held while somebody else works on them. */
const PAGE = 256

/** @returns The secret store on the opened tables. */
export function createSecretStore(tables: Tables): SecretStore {
  const { environment, pairs, guesses, expiry } = tables

  function claim(id: RecordId, { outcome, roots, guess }: ClaimRequest, now: number): Claim {
    const pair = pairs.get(id)
    if (!isWaiting(pair, now)) return { kind: 'gone' }
    const { sealed, root } = pair.secret
    if (!roots.includes(root)) return { kind: 'unreadable' }
    if (pair.secret.protected) return guess ? tryGuess(id, pair, guess, now) : { kind: 'passphrase_required' }
    const claimed = ended(pair, outcome, now)
    void pairs.put(id, claimed)
    return { kind: 'claimed', sealed, metadata: claimed.metadata }
  }

  function tryGuess(id: RecordId, { secret, metadata }: WaitingPair, guess: Guess, now: number): Claim {
    const result = countGuess(guesses.get(id), guess, now)
    if ('retryAfter' in result) return { kind: 'locked', retryAfter: result.retryAfter }
    void guesses.put(id, result.heard)
    void expiry.put([guessesExpiry(result.heard), id], true)
    return { kind: 'protected', sealed: secret.sealed, metadata, guessesLeft: result.left }
  }

  return {
    create: ({ id, secret, metadata }) =>
      environment.write(() => {
        void pairs.put(id, { metadata, ...(secret && { secret }) })
        void expiry.put([secretExpiry(metadata), id], true)
      }),

    claim: (id, request, now) => environment.transact(() => claim(id, request, now)),

    take: (id, outcome, now) =>
      environment.transact(() => {
        const pair = pairs.get(id)
        if (!isWaiting(pair, now)) return false
        void pairs.put(id, ended(pair, outcome, now))
        return true
      }),

    async peek(id, now) {
      const pair = environment.read(() => pairs.get(id))
      return isWaiting(pair, now) ? { protected: pair.secret.protected } : undefined
    },

    look: (id, mark, now) =>
      environment.transact(() => {
        const stored = pairs.get(id)
        const pair = stored && settled(stored, now)
        if (pair === undefined) return undefined
        const left = mark ? viewed(pair, now) : pair
        if (left !== stored) void pairs.put(id, left)
        return pair.metadata
      }),

    withdraw: (id) =>
      environment.transact(() => {
        void pairs.remove(id)
        void guesses.remove(id)
      }),

    async *all() {
      let page: StoredPair[] = []
      do {
        page = pageAfter(page.at(-1)?.id ?? '')
        yield* page
      } while (page.length === PAGE)
    },
  }

  function pageAfter(id: RecordId): StoredPair[] {
    return environment.read(() =>
      Array.from(pairs.getRange({ start: id, exclusiveStart: true, limit: PAGE }), ({ key, value }) => ({
        id: key,
        ...value,
      })),
    )
  }
}

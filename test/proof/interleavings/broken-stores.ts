import { DomainError } from '../../../src/errors.ts'
import { countRequest } from '../../../src/limits/rates.ts'
import type { RecordPair } from '../../../src/secrets/records.ts'
import { peeked } from '../../../src/secrets/states.ts'
import { claimStep, settleStep } from '../../../src/secrets/store-steps.ts'
import { milliseconds, seconds } from '../../../src/time.ts'
import { later } from '../../support/time.ts'
import type { ClientKind } from './clients.ts'
import type { PromiseName } from './promises.ts'
import { EXPIRY } from './sample.ts'
import type { Break, Scenario } from './scenario.ts'

/** A mistake that a store, or what lies between it and the use cases, can have. */
interface BrokenStore {
  readonly mistake: string
  /** What does not hold any more. */
  readonly promise: PromiseName
  readonly cast: readonly ClientKind[]
  readonly scenario: Omit<Scenario, 'clients' | 'broken'>
  readonly broken: Break
}

const ONE = seconds(1)
const NO_QUOTA = { limit: { limit: 1, windowMs: milliseconds(1) } }
const PLAIN = { secret: 'plain', faults: 0 } as const
const PROTECTED = { secret: 'protected', faults: 0 } as const

/** The mistakes, each of which the enumeration has to find. */
export const BROKEN_STORES: readonly [BrokenStore, ...BrokenStore[]] = [
  {
    mistake: 'take deletes without looking whether the secret is still there',
    promise: 'once',
    cast: ['reader', 'reader'],
    scenario: PROTECTED,
    broken: ({ memory, park }) => ({
      take: (id, state, updated) =>
        park('secrets.take', [], () => {
          const pair = memory.pairs.get(id)
          if (pair !== undefined) memory.pairs.set(id, { receipt: { ...pair.receipt, state, updated } })
          return pair !== undefined
        }),
    }),
  },
  {
    mistake: 'claim reads the secret in one step and deletes it in another',
    promise: 'once',
    cast: ['reader', 'reader'],
    scenario: PLAIN,
    broken: ({ memory, park }) => ({
      async claim(id, request, now) {
        const pair = await park('secrets.read', [], () => memory.pairs.get(id))
        const { answer, pair: left } = claimStep(pair, undefined, request, now)
        if (left !== undefined) await park('secrets.delete', [], () => void memory.pairs.set(id, left))
        return answer
      },
    }),
  },
  {
    mistake: 'claim answers from a replica that lags behind',
    promise: 'once',
    cast: ['reader', 'reader'],
    scenario: PLAIN,
    broken: ({ store, initial }) => ({
      async claim(id, request, now) {
        const claim = await store.claim(id, request, now)
        return claim.kind === 'gone' ? claimStep(initial, undefined, request, now).answer : claim
      },
    }),
  },
  {
    mistake: 'a claim whose answer was lost is sent again',
    promise: 'unknown',
    cast: ['reader'],
    scenario: { ...PLAIN, faults: 1 },
    broken: ({ store }) => ({
      claim: (...args) => store.claim(...args).catch(() => store.claim(...args)),
    }),
  },
  {
    mistake: 'a claim whose answer was lost is taken for one that found nothing',
    promise: 'unknown',
    cast: ['reader'],
    scenario: { ...PLAIN, faults: 1, kinds: ['answer lost'] },
    broken: ({ store }) => ({
      claim: (...args) => store.claim(...args).catch(() => ({ kind: 'gone' })),
    }),
  },
  {
    mistake: 'a take that failed is taken for done',
    promise: 'once',
    cast: ['reader', 'reader'],
    scenario: { ...PROTECTED, faults: 1 },
    broken: ({ store }) => ({ take: (...args) => store.take(...args).catch(() => true) }),
  },
  {
    mistake: 'the secret is handed out before the store has taken it',
    promise: 'once',
    cast: ['reader', 'reader'],
    scenario: PROTECTED,
    broken: ({ store }) => ({
      async take(...args) {
        void store.take(...args).catch(() => false)
        return true
      },
    }),
  },
  {
    mistake: 'burn does not look whether the secret is still there',
    promise: 'once',
    cast: ['reader', 'burner'],
    scenario: PLAIN,
    broken: ({ store, memory, initial, park }) => ({
      claim(id, request, now) {
        if (request.outcome === 'received') return store.claim(id, request, now)
        return park('secrets.claim', [], () => {
          const { answer, pair } = claimStep(initial, undefined, request, now)
          memory.pairs.set(id, present(pair))
          return answer
        })
      },
    }),
  },
  {
    mistake: 'a burn is acknowledged before the store has done it',
    promise: 'burned',
    cast: ['burner', 'reader'],
    scenario: PROTECTED,
    broken: ({ store }) => ({
      async take(id, outcome, now) {
        const taken = store.take(id, outcome, now)
        return outcome === 'burned' || taken
      },
    }),
  },
  {
    mistake: 'burn changes the receipt and leaves the secret',
    promise: 'final',
    cast: ['burner', 'viewer'],
    scenario: PROTECTED,
    broken: ({ memory, park }) => ({
      take: (id, state, updated) =>
        park('secrets.take', [], () => {
          const pair = present(memory.pairs.get(id))
          memory.pairs.set(id, { ...pair, receipt: { ...pair.receipt, state, updated } })
          return pair.receipt.state !== 'burned' && pair.receipt.state !== 'received'
        }),
    }),
  },
  {
    mistake: 'the view of a receipt writes back a record that it read earlier',
    promise: 'final',
    cast: ['reader', 'viewer'],
    scenario: PLAIN,
    broken: ({ memory, park }) => ({
      async settle(id, viewer, now) {
        const pair = await park('secrets.read', [], () => memory.pairs.get(id))
        const { answer, pair: left } = settleStep(pair, viewer, now)
        if (left !== undefined) await park('secrets.write', [], () => void memory.pairs.set(id, left))
        return answer
      },
    }),
  },
  {
    mistake: 'a memo is written into a record that was read earlier',
    promise: 'final',
    cast: ['reader', 'annotator'],
    scenario: PLAIN,
    broken: ({ memory, park }) => ({
      async setMemo(id, memo) {
        const { receipt, ...pair } = present(await park('secrets.read', [], () => memory.pairs.get(id)))
        const changed = { ...pair, receipt: { ...receipt, ...(memo && { memo }) } }
        await park('secrets.write', [], () => void memory.pairs.set(id, changed))
        return true
      },
    }),
  },
  {
    mistake: 'claim changes the receipt in a second step, before which the server may crash',
    promise: 'receipt',
    cast: ['reader'],
    scenario: { ...PLAIN, faults: 1 },
    broken: ({ memory, park }) => ({
      async claim(id, request, now) {
        const { answer, pair } = await park('secrets.delete', [], () => {
          const step = claimStep(memory.pairs.get(id), undefined, request, now)
          const { receipt } = present(memory.pairs.get(id))
          if (step.pair !== undefined) memory.pairs.set(id, { receipt })
          return step
        })
        if (pair !== undefined) await park('secrets.write', [], () => void memory.pairs.set(id, pair))
        return answer
      },
    }),
  },
  {
    mistake: 'a passphrase attempt is counted although the rate limit rejects its request',
    promise: 'free',
    cast: ['guesser', 'guesser'],
    scenario: { ...PROTECTED, limit: 1 },
    broken: ({ memory, park }) => ({
      claim: (id, request, now, quota) =>
        park('secrets.claim', [], () => {
          const attempts = memory.attempts[request.outcome]
          const step = claimStep(memory.pairs.get(id), attempts.get(id), request, now)
          if (step.attempts !== undefined) attempts.set(id, step.attempts)
          const { wait, window } = countRequest(memory.windows.get('all'), quota ?? NO_QUOTA, now)
          if (window !== undefined) memory.windows.set('all', window)
          return wait > 0 ? { kind: 'rate_limited', retryAfter: wait } : step.answer
        }),
    }),
  },
  {
    mistake: 'a claim that finds nothing is never answered',
    promise: 'ends',
    cast: ['reader', 'reader'],
    scenario: PLAIN,
    broken: ({ store }) => ({
      async claim(...args) {
        const claim = await store.claim(...args)
        return claim.kind === 'gone' ? new Promise(() => undefined) : claim
      },
    }),
  },
  {
    mistake: 'the rate limit is read in one step and written in another',
    promise: 'limit',
    cast: ['guesser', 'guesser'],
    scenario: { ...PROTECTED, limit: 1 },
    broken: ({ memory, park, store }) => ({
      async claim(id, request, now) {
        const count = await park('rates.read', [], () => memory.windows.get('all')?.count ?? 0)
        if (count > 0) return { kind: 'rate_limited', retryAfter: ONE }
        await park('rates.write', [], () => void memory.windows.set('all', { count: 1, end: EXPIRY }))
        return store.claim(id, request, now)
      },
    }),
  },
  {
    mistake: 'attempts at a passphrase are counted only after they failed',
    promise: 'attempts',
    cast: ['guesser'],
    scenario: PROTECTED,
    broken: ({ memory, park }) => ({
      claim: (id, request, now) =>
        park('secrets.claim', [], () => claimStep(memory.pairs.get(id), undefined, request, now).answer),
    }),
  },
  {
    mistake: 'an available secret is peeked at in a cache',
    promise: 'explained',
    cast: ['reader', 'peeker'],
    scenario: PLAIN,
    broken: ({ initial, park }) => ({
      peek: (_, now) => park('secrets.peek', [], () => peeked(initial, now)),
    }),
  },
  {
    mistake: 'an expired secret is still handed out',
    promise: 'explained',
    cast: ['reader'],
    scenario: { ...PLAIN, ticks: [EXPIRY] },
    broken: ({ store }) => ({
      claim: (id, request, now) => store.claim(id, request, later(now, -1)),
    }),
  },
  {
    mistake: 'creation is acknowledged before the secret is stored',
    promise: 'explained',
    cast: ['sender', 'reader'],
    scenario: PLAIN,
    broken: ({ store }) => ({
      async create(...args) {
        void store.create(...args).catch(() => 0)
        return seconds(0)
      },
    }),
  },
  {
    mistake: 'a peek deletes the secret',
    promise: 'claimable',
    cast: ['peeker'],
    scenario: PLAIN,
    broken: ({ memory, park }) => ({
      peek: (id, now) =>
        park('secrets.peek', [], () => {
          const pair = present(memory.pairs.get(id))
          memory.pairs.set(id, { receipt: pair.receipt })
          return peeked(pair, now)
        }),
    }),
  },
  {
    mistake: 'a take that found the secret says that it did not',
    promise: 'wasted',
    cast: ['burner'],
    scenario: PROTECTED,
    broken: ({ store }) => ({
      async take(...args) {
        if (await store.take(...args)) throw new DomainError('overloaded', { retryAfter: ONE })
        return false
      },
    }),
  },
]

function present(pair: RecordPair | undefined): RecordPair {
  if (pair === undefined) throw new Error('the store has no such pair')
  return pair
}

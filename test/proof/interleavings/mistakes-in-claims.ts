import { DomainError } from '../../../src/errors.ts'
import { claimStep } from '../../../src/secrets/store-steps.ts'
import { seconds } from '../../../src/time.ts'
import { later } from '../../support/time.ts'
import { type Mistake, PLAIN, PROTECTED, present } from './mistake.ts'
import { EXPIRY } from './sample.ts'

const ONE = seconds(1)

/** The mistakes in claiming a secret, in one step or two. */
export const MISTAKES_IN_CLAIMS: readonly [Mistake, ...Mistake[]] = [
  {
    title: 'take deletes without looking whether the secret is still there',
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
    title: 'claim reads the secret in one step and deletes it in another',
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
    title: 'claim answers from a replica that lags behind',
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
    title: 'a claim whose answer was lost is sent again',
    promise: 'unknown',
    cast: ['reader'],
    scenario: { ...PLAIN, faults: 1 },
    broken: ({ store }) => ({
      claim: (...args) => store.claim(...args).catch(() => store.claim(...args)),
    }),
  },
  {
    title: 'a claim whose answer was lost is taken for one that found nothing',
    promise: 'unknown',
    cast: ['reader'],
    scenario: { ...PLAIN, faults: 1, kinds: ['answer lost'] },
    broken: ({ store }) => ({
      claim: (...args) => store.claim(...args).catch(() => ({ kind: 'gone' })),
    }),
  },
  {
    title: 'a take that failed is taken for done',
    promise: 'once',
    cast: ['reader', 'reader'],
    scenario: { ...PROTECTED, faults: 1 },
    broken: ({ store }) => ({ take: (...args) => store.take(...args).catch(() => true) }),
  },
  {
    title: 'the secret is handed out before the store has taken it',
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
    title: 'burn does not look whether the secret is still there',
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
    title: 'a burn is acknowledged before the store has done it',
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
    title: 'burn changes the receipt and leaves the secret',
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
    title: 'claim changes the receipt in a second step, before which the server may crash',
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
    title: 'a claim that finds nothing is never answered',
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
    title: 'an expired secret is still handed out',
    promise: 'explained',
    cast: ['reader'],
    scenario: { ...PLAIN, ticks: [EXPIRY] },
    broken: ({ store }) => ({
      claim: (id, request, now) => store.claim(id, request, later(now, -1)),
    }),
  },
  {
    title: 'a take that found the secret says that it did not',
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

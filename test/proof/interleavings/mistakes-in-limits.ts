import { countRequest } from '../../../src/limits/rates.ts'
import { claimStep } from '../../../src/secrets/store-steps.ts'
import { milliseconds, seconds } from '../../../src/time.ts'
import { type Mistake, PROTECTED } from './mistake.ts'
import { EXPIRY } from './sample.ts'

const ONE = seconds(1)
const NO_QUOTA = { limit: { limit: 1, windowMs: milliseconds(1) } }

/** The mistakes in counting requests and passphrase attempts. */
export const MISTAKES_IN_LIMITS: readonly Mistake[] = [
  {
    title: 'a passphrase attempt is counted although the rate limit rejects its request',
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
    title: 'the rate limit is read in one step and written in another',
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
    title: 'attempts at a passphrase are counted only after they failed',
    promise: 'attempts',
    cast: ['guesser'],
    scenario: PROTECTED,
    broken: ({ memory, park }) => ({
      claim: (id, request, now) =>
        park('secrets.claim', [], () => claimStep(memory.pairs.get(id), undefined, request, now).answer),
    }),
  },
]

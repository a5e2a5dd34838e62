import { peeked } from '../../../src/secrets/states.ts'
import { settleStep } from '../../../src/secrets/store-steps.ts'
import { seconds } from '../../../src/time.ts'
import { type Mistake, PLAIN, present } from './mistake.ts'

/** The mistakes in what else reads or writes a record. */
export const MISTAKES_IN_RECORDS: readonly Mistake[] = [
  {
    title: 'the view of a receipt writes back a record that it read earlier',
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
    title: 'a memo is written into a record that was read earlier',
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
    title: 'an available secret is peeked at in a cache',
    promise: 'explained',
    cast: ['reader', 'peeker'],
    scenario: PLAIN,
    broken: ({ initial, park }) => ({
      peek: (_, now) => park('secrets.peek', [], () => peeked(initial, now)),
    }),
  },
  {
    title: 'creation is acknowledged before the secret is stored',
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
    title: 'a peek deletes the secret',
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
]

import { type Attempts, attemptsDue } from '../../secrets/attempts.ts'
import type { RecordId } from '../../secrets/keys.ts'
import { type Outcome, type RecordPair, type StoredPair, secretExpiry } from '../../secrets/records.ts'
import { peeked } from '../../secrets/states.ts'
import type { SecretStore } from '../../secrets/store.ts'
import { claimStep, memoStep, type Step, settleStep, takeStep } from '../../secrets/store-steps.ts'
import { seconds } from '../../time.ts'
import type { WatchedClock } from './clock.ts'
import { decodeAttempts, decodePair, encodeAttempts, encodePair } from './format.ts'
import type { Counter } from './rates.ts'
import type { Tables } from './tables.ts'

/** Number of pairs read at once. Paging avoids holding a snapshot while the caller processes them. */
const PAGE = 256

const NO_WAIT = seconds(0)

/**
 * Creates the secret store on open tables.
 *
 * @param clock While it has jumped, nothing is answered that depends on the time, and nothing counts as expired.
 */
export function createSecretStore(tables: Tables, counter: Counter, clock: WatchedClock): SecretStore {
  const { environment, pairs, attempts, expiry } = tables

  const settle: SecretStore['settle'] = async (id, viewer, now) => {
    clock.assertFit()
    return environment.transact(() => {
      const stored = readPair(id)
      const step = settleStep(stored, viewer, now)
      const expires = stored?.secret !== undefined && step.pair?.secret === undefined
      return expires && !clock.read().proven ? step.answer : write(id, step)
    })
  }

  return {
    async create({ id, receipt, secret }, now, quota) {
      clock.assertFit()
      const counting = quota && counter.add(quota, now)
      return environment.transact(
        () => {
          const wait = counting === undefined ? NO_WAIT : counter.settle(counting)
          if (wait > 0) return wait
          writePair(id, secret === undefined ? { receipt } : { receipt, secret })
          void expiry.put([secretExpiry(receipt), id], true)
          return wait
        },
        { adds: true },
      )
    },

    async claim(id, request, now, quota) {
      clock.assertFit()
      const counting = quota && counter.add(quota, now)
      return environment.transact(() => {
        const retryAfter = counting === undefined ? NO_WAIT : counter.settle(counting)
        if (retryAfter > 0) return { kind: 'rate_limited', retryAfter }
        const pair = readPair(id)
        const attempts = pair?.secret?.protected ? readAttempts(id, request.outcome) : undefined
        const step = claimStep(pair, attempts, request, now)
        if (step.attempts !== undefined) writeAttempts(id, request.outcome, step.attempts)
        return write(id, step)
      })
    },

    async take(id, outcome, now) {
      clock.assertFit()
      return environment.transact(() => {
        const taken = write(id, takeStep(readPair(id), outcome, now))
        if (taken) removeAttempts(id)
        return taken
      })
    },

    async peek(id, now) {
      clock.assertFit()
      return peeked(
        environment.read(() => readPair(id)),
        now,
      )
    },

    settle,

    // Most have nothing to write, and reading waits for no lock.
    async settleAll(ids, now) {
      clock.assertFit()
      const steps = environment.read(() => ids.map((id) => settleStep(readPair(id), 'observer', now)))
      return Promise.all(
        ids.map((id, index) => {
          const step = steps[index]
          return step?.pair === undefined ? step?.answer : settle(id, 'observer', now)
        }),
      )
    },

    async setMemo(id, memo, now) {
      clock.assertFit()
      const work = () => write(id, memoStep(readPair(id), memo, now))
      return environment.transact(work, { adds: memo !== undefined })
    },

    async countAttempts(id) {
      return environment.read(() => readAttempts(id, 'received'))?.total ?? 0
    },

    clearAttempts: (id, outcome) => environment.transact(() => void attempts[outcome].remove(id)),

    withdraw: (id) =>
      environment.transact(() => {
        void pairs.remove(id)
        removeAttempts(id)
      }),

    async *all() {
      let page: StoredPair[] = []
      do {
        page = pageAfter(page.at(-1)?.id ?? '')
        yield* page
      } while (page.length === PAGE)
    },
  }

  function write<Answer>(id: RecordId, { answer, pair }: Step<Answer>): Answer {
    if (pair !== undefined) writePair(id, pair)
    return answer
  }

  function readPair(id: RecordId): RecordPair | undefined {
    const stored = pairs.get(id)
    return stored && decodePair(stored)
  }

  function writePair(id: RecordId, pair: RecordPair): void {
    void pairs.put(id, encodePair(pair))
  }

  function readAttempts(id: RecordId, outcome: Outcome): Attempts | undefined {
    const stored = attempts[outcome].get(id)
    return stored && decodeAttempts(stored)
  }

  function writeAttempts(id: RecordId, outcome: Outcome, counted: Attempts): void {
    void attempts[outcome].put(id, encodeAttempts(counted))
    for (const at of attemptsDue(counted)) void expiry.put([at, id], true)
  }

  function removeAttempts(id: RecordId): void {
    for (const table of Object.values(attempts)) void table.remove(id)
  }

  function pageAfter(id: RecordId | ''): StoredPair[] {
    const range = { start: id as RecordId, exclusiveStart: true, limit: PAGE }
    return environment.read(() =>
      Array.from(pairs.getRange(range), ({ key, value }) => ({ id: key, ...decodePair(value) })),
    )
  }
}

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NewPair, State } from '../../src/secrets/records.ts'
import type { Claim, ClaimRequest } from '../../src/secrets/store.ts'
import type { Store } from '../../src/store/store.ts'
import type { StoreHarness } from './harness.ts'
import { type Call, type Racers, startRacers } from './racers.ts'
import { BURN, EXPIRY, newPair, READ, START } from './samples.ts'

const CONNECTIONS = 2
const PROCESSES = 3
/** Calls that each connection and each process makes for one secret: 50 in all. */
const CALLS_EACH = 10
const SECRETS = 20

interface Entry {
  readonly call: Call
  readonly answer: unknown
}

/** Many callers, in several processes, want the same secret: v1-api section 6, F1. */
export function raceContract(harness: StoreHarness): void {
  describe('races between connections and processes (v1-api 6, F1)', () => {
    let stores: Store[]
    let racers: Racers
    beforeAll(async () => {
      stores = await Promise.all(Array.from({ length: CONNECTIONS }, () => harness.open()))
      racers = await startRacers(harness, PROCESSES)
    })
    afterAll(async () => {
      await racers.stop()
      for (const store of stores) await store.close()
    })

    it('50 claims of one secret: exactly one gets it', async () => {
      await raceFor(
        {},
        ({ id }) => secretsCall('claim', id, READ, START + 1),
        (entries, pair) => {
          const [winner, ...more] = entries.filter(({ answer }) => (answer as Claim).kind !== 'gone')
          expect(more).toEqual([])
          expect(winner?.answer).toMatchObject({ kind: 'claimed', sealed: pair.secret.sealed })
          return 'received'
        },
      )
    })

    it('50 takes of one proven secret: exactly one gets it', async () => {
      await raceFor(
        { protected: true },
        ({ id }) => secretsCall('take', id, 'received', START + 1),
        (entries) => {
          expect(entries.filter(({ answer }) => answer === true)).toHaveLength(1)
          return 'received'
        },
      )
    })

    it('50 claims to read or burn one secret: one wins, and the metadata says which', async () => {
      await raceFor(
        {},
        ({ id }, turn) => secretsCall('claim', id, turn % 2 === 0 ? READ : BURN, START + 1),
        (entries) => {
          const winners = entries.filter(({ answer }) => (answer as Claim).kind === 'claimed')
          expect(winners).toHaveLength(1)
          return winners.map(({ call }) => (call.args[1] as ClaimRequest).outcome)[0]
        },
      )
    })

    it('claims against the end of its time: at most one gets it, and nobody after it was called expired', async () => {
      await raceFor(
        {},
        ({ id }, turn) => {
          if (turn % 3 === 0) return secretsCall('look', id, false, EXPIRY)
          return secretsCall('claim', id, READ, turn % 3 === 1 ? EXPIRY - 1 : EXPIRY)
        },
        (entries) => {
          const winners = entries.filter(({ answer }) => (answer as Claim | undefined)?.kind === 'claimed')
          for (const { call } of winners) expect(call.args[2]).toBe(EXPIRY - 1)
          expect(winners.length).toBeLessThanOrEqual(1)
          return winners.length === 1 ? 'received' : 'expired'
        },
      )
    })

    it('requests counted by several processes: never more granted than the budget', async () => {
      const budget = { limit: 70, windowMs: 60_000 }
      const bucket = randomUUID()
      const call: Call = { part: 'rates', method: 'take', args: [bucket, budget, START] }
      const entries = await run(() => Array.from({ length: CALLS_EACH * 4 }, () => call))
      expect(entries.filter(({ answer }) => answer === 0)).toHaveLength(budget.limit)
    })

    /** Races for many secrets at once and checks each: `judge` returns the state that the metadata has to tell. */
    async function raceFor(
      secret: Partial<NewPair['secret']>,
      callOf: (pair: NewPair, turn: number) => Call,
      judge: (entries: Entry[], pair: NewPair) => State | undefined,
    ): Promise<void> {
      const pairs = Array.from({ length: SECRETS }, () => newPair(secret))
      await Promise.all(pairs.map((pair) => stores[0]?.secrets.create(pair, START)))
      const entries = await run((runner) =>
        Array.from({ length: CALLS_EACH }, (_, turn) =>
          pairs.map((pair) => callOf(pair, turn + runner)),
        ).flat(),
      )
      expect(entries).toHaveLength(SECRETS * CALLS_EACH * (CONNECTIONS + PROCESSES))
      for (const pair of pairs) {
        const state = judge(
          entries.filter(({ call }) => call.args[0] === pair.id),
          pair,
        )
        expect(await stores[1]?.secrets.settle(pair.id, 'observer', EXPIRY)).toMatchObject({ state })
        expect(await stores[1]?.secrets.claim(pair.id, READ, START + 2)).toEqual({ kind: 'gone' })
      }
    }

    /** Every connection here and every process makes its calls, all starting at once. */
    async function run(callsOf: (runner: number) => Call[]): Promise<Entry[]> {
      const here = stores.map((_, index) => callsOf(index))
      const there = Array.from({ length: PROCESSES }, (_, index) => callsOf(CONNECTIONS + index))
      const answersHere: unknown[][] = []
      const answersThere = await racers.race(there, async () => {
        answersHere.push(
          ...(await Promise.all(stores.map((store, index) => callAll(store, here[index] ?? [])))),
        )
      })
      const answers = [...answersHere, ...answersThere].flat()
      return [...here, ...there].flat().map((call, index) => ({ call, answer: answers[index] }))
    }
  })
}

function secretsCall(method: string, ...args: unknown[]): Call {
  return { part: 'secrets', method, args }
}

function callAll(store: Store, calls: readonly Call[]): Promise<unknown[]> {
  return Promise.all(
    calls.map(({ part, method, args }) => {
      const methods = store[part] as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
      return methods[method]?.(...args)
    }),
  )
}

import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { State } from '../../src/secrets/records.ts'
import type { Claim, ClaimRequest, SecretStore } from '../../src/secrets/store.ts'
import type { Store } from '../../src/store/store.ts'
import { milliseconds } from '../../src/time.ts'
import { later } from '../support/time.ts'
import type { StoreHarness } from './harness.ts'
import { type Call, type Racers, startRacers } from './racers.ts'
import { BURN, EXPIRY, type NewPair, newPair, READ, START } from './samples.ts'

/** Connections of this process and other processes together. */
const CALLERS = 5
/** Other processes, where a store shares its data with them. */
const PROCESSES = 3
/** Calls that each caller makes for one secret: 50 in all. */
const CALLS_EACH = 10
const SECRETS = 20

type SecretsCall = Extract<Call, { part: 'secrets' }>

/** A call and what it returned. */
interface Entry {
  readonly call: Call
  readonly answer: unknown
}

/** Stands in where no other process reaches the data. */
const NO_RACERS: Racers = {
  race: (_, here) => here().then(() => []),
  stop: () => Promise.resolve(),
}

/** Registers the tests of many callers who claim the same secret. Source: docs/api/v1.md section 6. */
export function raceContract(harness: StoreHarness): void {
  const processes = harness.shared === false ? 0 : PROCESSES
  const connections = CALLERS - processes

  describe('races between connections and processes (docs/api/v1.md section 6)', () => {
    let stores: Store[]
    let racers: Racers
    beforeAll(async () => {
      stores = await Promise.all(Array.from({ length: connections }, () => harness.open()))
      racers = harness.shared === false ? NO_RACERS : await startRacers(harness, processes)
    })
    afterAll(async () => {
      await racers.stop()
      for (const store of stores) await store.close()
    })

    it('F1: hands a secret out to exactly one of 50 claims', async () => {
      await raceFor(
        {},
        ({ id }) => secretsCall('claim', id, READ, later(START, 1)),
        (entries, pair) => {
          const [winner, ...more] = entries.filter(({ answer }) => (answer as Claim).kind !== 'gone')
          expect(more).toEqual([])
          expect(winner?.answer).toMatchObject({ kind: 'claimed', sealed: pair.secret.sealed })
          return 'received'
        },
      )
    })

    it('F1: lets exactly one of 50 callers with a proven passphrase take the secret', async () => {
      await raceFor(
        { protected: true },
        ({ id }) => secretsCall('take', id, 'received', later(START, 1)),
        (entries) => {
          expect(entries.filter(({ answer }) => answer === true)).toHaveLength(1)
          return 'received'
        },
      )
    })

    it('F1: hands a secret out to exactly one of 50 claims to reveal or burn it, and the receipt says which', async () => {
      await raceFor(
        {},
        ({ id }, turn) => secretsCall('claim', id, turn % 2 === 0 ? READ : BURN, later(START, 1)),
        (entries) => {
          const winners = entries.filter(({ answer }) => (answer as Claim).kind === 'claimed')
          expect(winners).toHaveLength(1)
          return winners.map(({ call }) => (call.args[1] as ClaimRequest).outcome)[0]
        },
      )
    })

    it('F1: hands a secret out to at most one claim while it expires, and to none after its receipt said expired', async () => {
      await raceFor(
        {},
        ({ id }, turn) => {
          if (turn % 3 === 0) return secretsCall('settle', id, 'observer', EXPIRY)
          return secretsCall('claim', id, READ, turn % 3 === 1 ? later(EXPIRY, -1) : EXPIRY)
        },
        (entries) => {
          const winners = entries.filter(({ answer }) => (answer as Claim | undefined)?.kind === 'claimed')
          for (const { call } of winners) expect(call.args[2]).toBe(later(EXPIRY, -1))
          expect(winners.length).toBeLessThanOrEqual(1)
          return winners.length === 1 ? 'received' : 'expired'
        },
      )
    })

    it('keeps the memo that was set while a secret was claimed, and the state that the claim left', async () => {
      const memo = randomBytes(60)
      const pairs = await raceFor(
        {},
        ({ id }, turn) =>
          turn % 2 === 0
            ? secretsCall('claim', id, READ, later(START, 1))
            : secretsCall('setMemo', id, memo, later(START, 1)),
        (entries) => {
          const claims = entries.filter(({ call }) => call.method === 'claim')
          expect(claims.filter(({ answer }) => (answer as Claim).kind === 'claimed')).toHaveLength(1)
          return 'received'
        },
      )
      for (const { id } of pairs)
        expect(await stores[0]?.secrets.settle(id, 'observer', EXPIRY)).toMatchObject({ memo })
    })

    it('never accepts more requests than the rate limit when several processes count', async () => {
      const limit = { limit: 70, windowMs: milliseconds(60_000) }
      const bucket = randomUUID()
      const call: Call = { part: 'rates', method: 'take', args: [{ bucket, limit }, START] }
      const entries = await run(() => Array.from({ length: CALLS_EACH * 4 }, () => call))
      expect(entries.filter(({ answer }) => answer === 0)).toHaveLength(limit.limit)
    })

    it('stores exactly as many secrets as the rate limit when several processes create and count at once', async () => {
      const quota = { bucket: randomUUID(), limit: { limit: 70, windowMs: milliseconds(60_000) } }
      const pairs = Array.from({ length: CALLERS }, () => Array.from({ length: 30 }, () => newPair()))
      const take: Call = { part: 'rates', method: 'take', args: [quota, START] }
      const entries = await run((caller) => [
        ...(pairs[caller] ?? []).map((pair) => secretsCall('create', pair, START, quota)),
        ...Array.from({ length: 5 }, () => take),
      ])
      expect(entries.filter(({ answer }) => answer === 0)).toHaveLength(quota.limit.limit)
      const stored = entries.filter(({ call, answer }) => call.method === 'create' && answer === 0)
      const found = await Promise.all(
        pairs.flat().map(async (pair) => ((await stores[0]?.secrets.peek(pair.id, START)) ? [pair.id] : [])),
      )
      expect(found.flat().sort()).toEqual(stored.map(({ call }) => (call.args[0] as NewPair).id).sort())
      expect(stored.length).toBeGreaterThan(0)
    })

    it('claims exactly as many secrets as the rate limit when several processes claim at once, and keeps all others', async () => {
      const quota = { bucket: randomUUID(), limit: { limit: 70, windowMs: milliseconds(60_000) } }
      const pairs = Array.from({ length: CALLERS }, () => Array.from({ length: 30 }, () => newPair()))
      await Promise.all(pairs.flat().map((pair) => stores[0]?.secrets.create(pair, START)))
      const entries = await run((caller) =>
        (pairs[caller] ?? []).map(({ id }) => secretsCall('claim', id, READ, later(START, 1), quota)),
      )
      const claimed = entries.filter(({ answer }) => (answer as Claim).kind === 'claimed')
      expect(claimed).toHaveLength(quota.limit.limit)
      const gone = await Promise.all(
        pairs.flat().map(async ({ id }) => ((await stores[0]?.secrets.peek(id, START)) ? [] : [id])),
      )
      expect(gone.flat().sort()).toEqual(claimed.map(({ call }) => call.args[0]).sort())
    })

    /**
     * Races for many secrets at once and checks each: `judge` returns the state that the receipt has to be in.
     *
     * @returns What was raced for.
     */
    async function raceFor(
      secret: Partial<NewPair['secret']>,
      callOf: (pair: NewPair, turn: number) => Call,
      judge: (entries: Entry[], pair: NewPair) => State | undefined,
    ): Promise<NewPair[]> {
      const pairs = Array.from({ length: SECRETS }, () => newPair(secret))
      await Promise.all(pairs.map((pair) => stores[0]?.secrets.create(pair, START)))
      const entries = await run((caller) =>
        Array.from({ length: CALLS_EACH }, (_, turn) =>
          pairs.map((pair) => callOf(pair, turn + caller)),
        ).flat(),
      )
      expect(entries).toHaveLength(SECRETS * CALLS_EACH * CALLERS)
      for (const pair of pairs) {
        const state = judge(
          entries.filter(({ call }) => call.args[0] === pair.id),
          pair,
        )
        expect(await stores[1]?.secrets.settle(pair.id, 'observer', EXPIRY)).toMatchObject({ state })
        expect(await stores[1]?.secrets.claim(pair.id, READ, later(START, 2))).toEqual({ kind: 'gone' })
      }
      return pairs
    }

    /** Lets every connection here and every other process make its calls, all starting at once. */
    async function run(callsOf: (caller: number) => Call[]): Promise<Entry[]> {
      const here = stores.map((_, index) => callsOf(index))
      const there = Array.from({ length: processes }, (_, index) => callsOf(connections + index))
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

function secretsCall<Method extends SecretsCall['method']>(
  method: Method,
  ...args: Parameters<SecretStore[Method]>
): Call {
  return { part: 'secrets', method, args } as SecretsCall
}

function callAll(store: Store, calls: readonly Call[]): Promise<unknown[]> {
  return Promise.all(
    calls.map(({ part, method, args }) => {
      const methods = store[part] as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
      return methods[method]?.(...args)
    }),
  )
}

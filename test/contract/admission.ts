import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Quota } from '../../src/limits/rates.ts'
import type { Store } from '../../src/store/store.ts'
import { milliseconds } from '../../src/time.ts'
import { later } from '../support/time.ts'
import type { StoreHarness } from './harness.ts'
import { available, BURN, newId, newPair, READ, START } from './samples.ts'

const LIMIT = { limit: 4, windowMs: milliseconds(20 * 60_000) }
const WINDOW_END = later(START, LIMIT.windowMs)
const ATTEMPT = {
  network: 'a',
  perNetwork: { limit: 2, windowMs: milliseconds(60_000) },
  perSecret: { limit: 5, windowMs: milliseconds(60_000) },
  newcomerPause: milliseconds(60_000),
}

/** Registers the tests of creates and claims that count against a rate limit in the same step. */
export function admissionContract(harness: StoreHarness): void {
  describe('creates and claims within a rate limit', () => {
    let store: Store
    beforeAll(async () => {
      store = await harness.open()
    })
    afterAll(() => store.close())

    it('stores a secret within the limit, and nothing beyond it', async () => {
      const quota = newQuota()
      const pairs = Array.from({ length: LIMIT.limit }, () => newPair())
      for (const pair of pairs) expect(await store.secrets.create(pair, START, quota)).toBe(0)
      const refused = newPair()
      expect(await store.secrets.create(refused, later(START, 60_000), quota)).toBe(1140)
      expect(await store.secrets.settle(refused.id, 'observer', START)).toBeUndefined()
      expect(await store.secrets.peek(refused.id, START)).toBeUndefined()
      for (const pair of pairs)
        expect(await store.secrets.peek(pair.id, START)).toStrictEqual(available(pair))
    })

    it('stores each counted secret and its receipt byte for byte', async () => {
      const memo = Buffer.from('memo')
      const pair = newPair({}, { sealed: Buffer.from('details'), origin: 'generated', memo })
      await store.secrets.create(pair, START, newQuota())
      expect(await store.secrets.settle(pair.id, 'observer', START)).toStrictEqual(pair.receipt)
      expect(await store.secrets.claim(pair.id, READ, START, newQuota())).toMatchObject({
        kind: 'claimed',
        sealed: pair.secret.sealed,
      })
    })

    it('claims nothing beyond the limit, and leaves the secret for the next window', async () => {
      const quota = await spentQuota()
      const pair = newPair()
      await store.secrets.create(pair, START)
      const limited = { kind: 'rate_limited', retryAfter: 1 }
      for (const request of [READ, BURN])
        expect(await store.secrets.claim(pair.id, request, later(WINDOW_END, -1), quota)).toStrictEqual(
          limited,
        )
      expect(await store.secrets.settle(pair.id, 'observer', START)).toStrictEqual(pair.receipt)
      const created = newPair({}, { created: WINDOW_END })
      await store.secrets.create(created, WINDOW_END)
      expect(await store.secrets.claim(created.id, READ, WINDOW_END, quota)).toMatchObject({
        kind: 'claimed',
      })
      expect(await store.secrets.claim(pair.id, READ, START)).toMatchObject({ kind: 'claimed' })
    })

    it('answers alike beyond the limit whether or not the secret exists, is protected or is locked', async () => {
      const quota = await spentQuota()
      const [plain, locked] = [newPair(), newPair({ protected: true })]
      await store.secrets.create(plain, START)
      await store.secrets.create(locked, START)
      const attempt = { ...READ, attempt: ATTEMPT }
      for (let i = 0; i <= ATTEMPT.perNetwork.limit; i++) await store.secrets.claim(locked.id, attempt, START)
      for (const id of [newId(), plain.id, locked.id])
        for (const request of [READ, attempt])
          expect(await store.secrets.claim(id, request, START, quota)).toStrictEqual({
            kind: 'rate_limited',
            retryAfter: 1200,
          })
    })

    it('counts no passphrase attempt beyond the limit, and one within it', async () => {
      const pair = newPair({ protected: true })
      await store.secrets.create(pair, START)
      const request = { ...READ, attempt: ATTEMPT }
      const spent = await spentQuota()
      for (let i = 0; i < 9; i++) await store.secrets.claim(pair.id, request, START, spent)
      expect(await store.secrets.countAttempts(pair.id)).toBe(0)
      const claim = await store.secrets.claim(pair.id, request, START, newQuota())
      expect(claim).toMatchObject({ kind: 'protected', sealed: pair.secret.sealed, attemptsLeft: 1 })
      expect(await store.secrets.countAttempts(pair.id)).toBe(1)
    })

    it('counts a claim whatever it finds', async () => {
      const quota = newQuota()
      const [plain, other] = [newPair(), newPair({ protected: true })]
      await store.secrets.create(plain, START)
      await store.secrets.create(other, START)
      const kinds = []
      for (const [id, request] of [
        [plain.id, READ],
        [plain.id, READ],
        [other.id, READ],
        [other.id, { ...READ, roots: ['00000000'] }],
        [other.id, READ],
      ] as const)
        kinds.push((await store.secrets.claim(id, request, START, quota)).kind)
      expect(kinds).toEqual(['claimed', 'gone', 'passphrase_required', 'unreadable', 'rate_limited'])
    })

    it('shares one count between creates, claims and requests that are counted by themselves', async () => {
      const quota = newQuota()
      const pair = newPair()
      expect(await store.secrets.create(pair, START, quota)).toBe(0)
      expect(await store.rates.take(quota, START)).toBe(0)
      expect(await store.secrets.claim(pair.id, READ, START, quota)).toMatchObject({ kind: 'claimed' })
      expect(await store.rates.take(quota, START)).toBe(0)
      expect(await store.secrets.create(newPair(), START, quota)).toBe(1200)
      expect(await store.rates.take(quota, START)).toBe(1200)
      expect(await store.secrets.claim(newId(), READ, START, quota)).toMatchObject({ kind: 'rate_limited' })
    })

    it('counts the wait from the first request, and as many requests again in the next window', async () => {
      const quota = newQuota()
      for (let i = 0; i < LIMIT.limit; i++) await store.secrets.create(newPair(), later(START, i), quota)
      const create = (now: typeof START) => store.secrets.create(newPair({}, { created: now }), now, quota)
      expect(await create(later(WINDOW_END, -1001))).toBe(2)
      for (let i = 0; i < 5; i++) expect(await create(later(WINDOW_END, -1))).toBe(1)
      for (let i = 0; i < LIMIT.limit; i++) expect(await create(WINDOW_END)).toBe(0)
      expect(await create(WINDOW_END)).toBe(1200)
    })

    it('counts a create and a claim that name no quota against nothing', async () => {
      const quota = await spentQuota()
      const pair = newPair()
      expect(await store.secrets.create(pair, START)).toBe(0)
      expect(await store.secrets.claim(pair.id, READ, START)).toMatchObject({ kind: 'claimed' })
      expect(await store.rates.take(quota, WINDOW_END)).toBe(0)
    })

    function newQuota(): Quota {
      return { bucket: randomUUID(), limit: LIMIT }
    }

    async function spentQuota(): Promise<Quota> {
      const quota = newQuota()
      for (let i = 0; i < LIMIT.limit; i++) await store.rates.take(quota, START)
      return quota
    }
  })
}

import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RecordId } from '../../src/secrets/keys.ts'
import type { StoredPair } from '../../src/secrets/records.ts'
import type { Store } from '../../src/store/store.ts'
import { milliseconds } from '../../src/time.ts'
import { later } from '../support/time.ts'
import type { StoreHarness } from './harness.ts'
import { BURN, newAccountId, newPair, READ, START, TTL } from './samples.ts'

/** Registers the tests of reading everything, and of storing what another store held. */
export function everythingContract(harness: StoreHarness): void {
  describe('everything that is stored', () => {
    let store: Store
    beforeAll(async () => {
      store = await harness.open()
    })
    afterAll(() => store.close())

    it('returns both records of each secret, byte for byte, without the secret once it is claimed', async () => {
      const unread = newPair({}, { sealed: randomBytes(90) })
      const locked = newPair({ protected: true, sealed: randomBytes(4096) })
      const [read, withdrawn] = [newPair(), newPair()]
      for (const pair of [unread, locked, read, withdrawn]) await store.secrets.create(pair, START)
      await store.secrets.claim(read.id, READ, later(START, 1))
      await store.secrets.withdraw(withdrawn.id)
      const all = await everyPair(store)
      expect(all.get(unread.id)).toStrictEqual(unread)
      expect(all.get(locked.id)).toStrictEqual(locked)
      expect(all.get(read.id)).toStrictEqual({
        id: read.id,
        receipt: { ...read.receipt, state: 'received', updated: later(START, 1) },
      })
      expect(all.has(withdrawn.id)).toBe(false)
    })

    it('returns thousands of secrets and leaves none out', async () => {
      const pairs = Array.from({ length: 2500 }, () => newPair())
      await Promise.all(pairs.map((pair) => store.secrets.create(pair, START)))
      const all = await everyPair(store)
      expect(pairs.filter(({ id }) => !all.has(id))).toEqual([])
    })

    it('changes no secret by reading everything', async () => {
      const pair = newPair()
      await store.secrets.create(pair, START)
      await everyPair(store)
      expect(await store.secrets.settle(pair.id, 'observer', later(START, 1))).toStrictEqual(pair.receipt)
      expect(await store.secrets.claim(pair.id, READ, START)).toMatchObject({ kind: 'claimed' })
    })

    it('stores a receipt whose secret is gone, and hands out no secret', async () => {
      const { id, receipt } = newPair({}, { state: 'burned', updated: later(START, 9) })
      await store.secrets.create({ id, receipt }, later(START, 20))
      expect(await store.secrets.settle(id, 'sender', later(START, 20))).toStrictEqual(receipt)
      expect(await store.secrets.peek(id, later(START, 20))).toBeUndefined()
      expect(await store.secrets.claim(id, BURN, later(START, 20))).toStrictEqual({ kind: 'gone' })
      expect((await everyPair(store)).get(id)).toStrictEqual({ id, receipt })
    })

    it('stores a receipt whose secret has expired, and keeps it until the receipt expires', async () => {
      const { id, receipt } = newPair({}, { state: 'viewed' })
      const late = later(START, TTL * 1500)
      await store.secrets.create({ id, receipt }, late)
      expect(await store.secrets.settle(id, 'observer', late)).toMatchObject({ state: 'expired' })
      expect(await store.secrets.settle(id, 'observer', later(START, TTL * 2000 - 1))).toMatchObject({
        state: 'expired',
      })
      expect(await store.secrets.settle(id, 'observer', later(START, TTL * 2000))).toBeUndefined()
    })

    it('names every account that has a recent list, stored or not', async () => {
      const [stored, other, empty] = [newAccountId(), newAccountId(), newAccountId()]
      const record = { email: randomBytes(60), token: randomBytes(32), created: START }
      await store.accounts.save(stored, record, { among: [stored], when: 'either' })
      await store.accounts.save(empty, record, { among: [empty], when: 'either' })
      const retention = { horizon: milliseconds(0), keep: 10 }
      for (const id of [stored, other, other]) {
        await store.accounts.remember(id, { sealed: randomBytes(100), created: START }, retention, START)
      }
      const listed = await gather(store.accounts.listed())
      expect(listed.filter((id) => id === other).length).toBeGreaterThan(0)
      expect(listed).toContain(stored)
      expect(listed).not.toContain(empty)
      expect(await store.accounts.list()).toContainEqual({ id: stored, ...record })
    })

    it('names every account whose session epoch is kept', async () => {
      const [ended, none] = [newAccountId(), newAccountId()]
      await store.accounts.raiseSessionEpoch(ended, START, TTL)
      const listed = await gather(store.accounts.withSessionEpoch())
      expect(listed).toContain(ended)
      expect(listed).not.toContain(none)
    })

    it('reads nothing of a closed store and throws store_unavailable', async () => {
      const closed = await harness.open()
      await closed.close()
      const unavailable = { name: 'DomainError', code: 'store_unavailable' }
      await expect(everyPair(closed)).rejects.toMatchObject(unavailable)
      await expect(gather(closed.accounts.listed())).rejects.toMatchObject(unavailable)
      await expect(gather(closed.accounts.withSessionEpoch())).rejects.toMatchObject(unavailable)
    })
  })
}

async function everyPair(store: Store): Promise<Map<RecordId, StoredPair>> {
  return new Map((await gather(store.secrets.all())).map((pair) => [pair.id, pair]))
}

async function gather<T>(items: AsyncIterable<T>): Promise<T[]> {
  const gathered: T[] = []
  for await (const item of items) gathered.push(item)
  return gathered
}

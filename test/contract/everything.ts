import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StoredPair } from '../../src/secrets/records.ts'
import type { Store } from '../../src/store/store.ts'
import type { StoreHarness } from './harness.ts'
import { BURN, newId, newPair, READ, START, TTL } from './samples.ts'

/** Reading everything, and storing what another store read. */
export function everythingContract(harness: StoreHarness): void {
  describe('everything that is stored', () => {
    let store: Store
    beforeAll(async () => {
      store = await harness.open()
    })
    afterAll(() => store.close())

    it('gives each pair, byte for byte, with its message as long as that is there', async () => {
      const unread = newPair({}, { sealed: randomBytes(90) })
      const locked = newPair({ protected: true, sealed: randomBytes(4096) })
      const [read, withdrawn] = [newPair(), newPair()]
      for (const pair of [unread, locked, read, withdrawn]) await store.secrets.create(pair, START)
      await store.secrets.claim(read.id, READ, START + 1)
      await store.secrets.withdraw(withdrawn.id)
      const all = await everyPair(store)
      expect(all.get(unread.id)).toStrictEqual(unread)
      expect(all.get(locked.id)).toStrictEqual(locked)
      expect(all.get(read.id)).toStrictEqual({
        id: read.id,
        metadata: { ...read.metadata, state: 'received', updated: START + 1 },
      })
      expect(all.has(withdrawn.id)).toBe(false)
    })

    it('gives thousands of pairs, none left out', async () => {
      const pairs = Array.from({ length: 2500 }, () => newPair())
      await Promise.all(pairs.map((pair) => store.secrets.create(pair, START)))
      const all = await everyPair(store)
      expect(pairs.filter(({ id }) => !all.has(id))).toEqual([])
    })

    it('changes nothing by being read', async () => {
      const pair = newPair()
      await store.secrets.create(pair, START)
      await everyPair(store)
      expect(await store.secrets.settle(pair.id, 'observer', START + 1)).toStrictEqual(pair.metadata)
      expect(await store.secrets.claim(pair.id, READ, START)).toMatchObject({ kind: 'claimed' })
    })

    it('stores a pair whose message is gone, and nobody finds one', async () => {
      const { id, metadata } = newPair({}, { state: 'burned', updated: START + 9 })
      await store.secrets.create({ id, metadata }, START + 20)
      expect(await store.secrets.settle(id, 'sender', START + 20)).toStrictEqual(metadata)
      expect(await store.secrets.peek(id, START + 20)).toBeUndefined()
      expect(await store.secrets.claim(id, BURN, START + 20)).toStrictEqual({ kind: 'gone' })
      expect((await everyPair(store)).get(id)).toStrictEqual({ id, metadata })
    })

    it('stores a pair after the time of its message, and keeps it until the time of its metadata', async () => {
      const { id, metadata } = newPair({}, { state: 'viewed' })
      const late = START + TTL * 1500
      await store.secrets.create({ id, metadata }, late)
      expect(await store.secrets.settle(id, 'observer', late)).toMatchObject({ state: 'expired' })
      expect(await store.secrets.settle(id, 'observer', START + TTL * 2000 - 1)).toMatchObject({
        state: 'expired',
      })
      expect(await store.secrets.settle(id, 'observer', START + TTL * 2000)).toBeUndefined()
    })

    it('names every account that has a recent list, stored or not', async () => {
      const [stored, other, empty] = [newId().slice(0, 22), newId().slice(0, 22), newId().slice(0, 22)]
      const record = { email: randomBytes(60), token: randomBytes(32), created: START }
      await store.accounts.save(stored, record)
      await store.accounts.save(empty, record)
      for (const id of [stored, other, other]) {
        await store.accounts.remember(id, { sealed: randomBytes(100), created: START }, 0, 10, START)
      }
      const listed = await gather(store.accounts.listed())
      expect(listed.filter((id) => id === other).length).toBeGreaterThan(0)
      expect(listed).toContain(stored)
      expect(listed).not.toContain(empty)
      expect(await store.accounts.list()).toContainEqual({ id: stored, ...record })
    })

    it('answers store_unavailable once it is closed', async () => {
      const closed = await harness.open()
      await closed.close()
      const unavailable = { name: 'DomainError', code: 'store_unavailable' }
      await expect(everyPair(closed)).rejects.toMatchObject(unavailable)
      await expect(gather(closed.accounts.listed())).rejects.toMatchObject(unavailable)
    })
  })
}

async function everyPair(store: Store): Promise<Map<string, StoredPair>> {
  return new Map((await gather(store.secrets.all())).map((pair) => [pair.id, pair]))
}

async function gather<T>(items: AsyncIterable<T>): Promise<T[]> {
  const gathered: T[] = []
  for await (const item of items) gathered.push(item)
  return gathered
}

import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RootRecord } from '../../src/store/roots.ts'
import type { Store } from '../../src/store/store.ts'
import type { StoreHarness } from './harness.ts'

function newRoot(): RootRecord {
  return { id: randomBytes(4).toString('hex'), check: randomBytes(16) }
}

/** Registers the tests of the root keys that a store has recorded. */
export function rootStoreContract(harness: StoreHarness): void {
  describe('root keys', () => {
    let store: Store
    let other: Store
    beforeAll(async () => {
      store = await harness.open()
      other = await harness.open()
    })
    afterAll(() => Promise.all([store.close(), other.close()]))

    const idsOf = async (from: Store) => (await from.roots.recorded()).map(({ id }) => id)

    it('are returned newest first, to every connection, byte for byte', async () => {
      const known = await idsOf(store)
      const [first, second] = [newRoot(), newRoot()]
      expect(await store.roots.record(first, [first.id, ...known])).toBe(true)
      expect(await other.roots.record(second, [second.id, first.id])).toBe(true)
      for (const each of [store, other]) {
        expect((await each.roots.recorded()).slice(0, 2)).toStrictEqual([second, first])
      }
    })

    it('stand once each, the one recorded last in front', async () => {
      const known = await idsOf(store)
      const [first, second] = [newRoot(), newRoot()]
      for (const root of [first, second, first, first]) {
        expect(await store.roots.record(root, [first.id, second.id, ...known])).toBe(true)
      }
      expect(await idsOf(store)).toEqual([first.id, second.id, ...known])
    })

    it('are not replaced by those of a ring that lacks the newest one', async () => {
      const known = await idsOf(store)
      const [newest, stranger] = [newRoot(), newRoot()]
      await store.roots.record(newest, [newest.id, ...known])
      const before = await store.roots.recorded()
      expect(await other.roots.record(stranger, [stranger.id])).toBe(false)
      expect(await other.roots.record(stranger, [stranger.id, ...known])).toBe(false)
      expect(await store.roots.recorded()).toStrictEqual(before)
    })

    it('let one of two disjoint rings win when both are recorded at once', async () => {
      const known = await idsOf(store)
      const base = newRoot()
      await store.roots.record(base, [base.id, ...known])
      for (let round = 0; round < 10; round += 1) {
        const [newest = ''] = await idsOf(store)
        const rivals = [newRoot(), newRoot(), newRoot(), newRoot()]
        const won = await Promise.all(
          rivals.map((root, index) =>
            (index % 2 === 0 ? store : other).roots.record(root, [root.id, newest]),
          ),
        )
        expect(won.filter((one) => one)).toHaveLength(1)
        expect((await idsOf(store))[0]).toBe(rivals[won.indexOf(true)]?.id)
      }
    })
  })
}

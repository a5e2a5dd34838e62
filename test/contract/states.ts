import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RecordId } from '../../src/secrets/keys.ts'
import type { State } from '../../src/secrets/records.ts'
import type { Store } from '../../src/store/store.ts'
import type { StoreHarness } from './harness.ts'
import { BURN, EXPIRY, METADATA_EXPIRY, newPair, READ, START } from './samples.ts'

/** What the metadata says of a secret: v1-api section 4, States. */
export function stateContract(harness: StoreHarness): void {
  describe('states (v1-api 4)', () => {
    let store: Store
    beforeAll(async () => {
      store = await harness.open()
    })
    afterAll(() => store.close())

    it('says new at the first marked look and viewed at the next', async () => {
      const { id, metadata } = await created()
      expect(await store.secrets.settle(id, 'sender', START + 10)).toStrictEqual(metadata)
      const viewed = { ...metadata, state: 'viewed', updated: START + 10 }
      expect(await store.secrets.settle(id, 'sender', START + 20)).toStrictEqual(viewed)
      expect(await store.secrets.settle(id, 'observer', START + 30)).toStrictEqual(viewed)
    })

    it('stays new at a look that does not mark', async () => {
      const { id, metadata } = await created()
      await store.secrets.settle(id, 'observer', START + 10)
      expect(await store.secrets.settle(id, 'observer', START + 20)).toStrictEqual(metadata)
    })

    it('keeps a viewed secret readable', async () => {
      const { id, secret } = await created()
      await store.secrets.settle(id, 'sender', START + 10)
      expect(await store.secrets.claim(id, READ, START + 20)).toMatchObject({
        kind: 'claimed',
        sealed: secret.sealed,
      })
      expect(await store.secrets.settle(id, 'sender', START + 30)).toMatchObject({
        state: 'received',
        updated: START + 20,
      })
    })

    it('says expired from the ttl on, also when nobody looked before', async () => {
      const { id, metadata } = await created()
      const expired = { ...metadata, state: 'expired', updated: EXPIRY + 7 }
      expect(await store.secrets.settle(id, 'sender', EXPIRY + 7)).toStrictEqual(expired)
      expect(await store.secrets.settle(id, 'sender', EXPIRY + 9)).toStrictEqual(expired)
    })

    it('says expired of a viewed secret too, and of one whose last claim came too late', async () => {
      const [viewed, late] = [await created(), await created()]
      await store.secrets.settle(viewed.id, 'sender', START + 10)
      await store.secrets.claim(late.id, READ, EXPIRY)
      expect(await store.secrets.settle(viewed.id, 'observer', EXPIRY)).toMatchObject({ state: 'expired' })
      expect(await store.secrets.settle(late.id, 'observer', EXPIRY)).toMatchObject({ state: 'expired' })
    })

    it('keeps what it once called expired from a process whose clock is behind', async () => {
      const { id } = await created()
      await store.secrets.settle(id, 'observer', EXPIRY)
      expect(await store.secrets.claim(id, READ, EXPIRY - 1)).toStrictEqual({ kind: 'gone' })
      expect(await store.secrets.take(id, 'received', EXPIRY - 1)).toBe(false)
      expect(await store.secrets.peek(id, EXPIRY - 1)).toBeUndefined()
      expect(await store.secrets.settle(id, 'observer', EXPIRY - 1)).toMatchObject({ state: 'expired' })
    })

    it('says orphaned of a secret that is missing before its time', async () => {
      const { id, metadata } = await created()
      await harness.evict(id)
      expect(await store.secrets.claim(id, READ, START + 10)).toStrictEqual({ kind: 'gone' })
      expect(await store.secrets.take(id, 'received', START + 10)).toBe(false)
      const orphaned = { ...metadata, state: 'orphaned', updated: START + 20 }
      expect(await store.secrets.settle(id, 'sender', START + 20)).toStrictEqual(orphaned)
      expect(await store.secrets.settle(id, 'sender', START + 30)).toStrictEqual(orphaned)
    })

    it('says expired, not orphaned, of a secret that was cleaned up after its time', async () => {
      const { id } = await created()
      await harness.evict(id)
      expect(await store.secrets.settle(id, 'observer', EXPIRY)).toMatchObject({ state: 'expired' })
    })

    it.each<[State, (id: RecordId) => Promise<unknown>]>([
      ['received', (id) => store.secrets.claim(id, READ, START + 10)],
      ['received', (id) => store.secrets.take(id, 'received', START + 10)],
      ['burned', (id) => store.secrets.claim(id, BURN, START + 10)],
      ['burned', (id) => store.secrets.take(id, 'burned', START + 10)],
      ['expired', (id) => store.secrets.settle(id, 'observer', EXPIRY)],
      ['orphaned', (id) => harness.evict(id).then(() => store.secrets.settle(id, 'observer', START + 10))],
    ])('never changes %s again', async (state, reach) => {
      const { id } = await created()
      await reach(id)
      const final = await store.secrets.settle(id, 'observer', EXPIRY)
      expect(final).toMatchObject({ state })
      for (const now of [START + 20, EXPIRY - 1, EXPIRY, METADATA_EXPIRY - 1]) {
        expect(await store.secrets.claim(id, READ, now)).toStrictEqual({ kind: 'gone' })
        expect(await store.secrets.claim(id, BURN, now)).toStrictEqual({ kind: 'gone' })
        expect(await store.secrets.take(id, 'received', now)).toBe(false)
        expect(await store.secrets.settle(id, 'sender', now)).toStrictEqual(final)
      }
    })

    async function created() {
      const pair = newPair()
      await store.secrets.create(pair, START)
      return pair
    }
  })
}

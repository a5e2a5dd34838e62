import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import type { StoreHarness } from './harness.ts'
import { BURN, EXPIRY, METADATA_EXPIRY, newId, newPair, READ, ROOT, START, TTL } from './samples.ts'

/** The life of a secret without a passphrase: v1-api sections 4 and 6. */
export function secretStoreContract(harness: StoreHarness): void {
  describe('secrets', () => {
    let store: Store
    beforeAll(async () => {
      store = await harness.open()
    })
    afterAll(() => store.close())

    it('hands a secret out once, byte for byte, with its metadata in the new state', async () => {
      const pair = newPair({ sealed: randomBytes(10_400) }, { sealed: randomBytes(300) })
      await store.secrets.create(pair, START)
      const now = START + 5000
      const claim = await store.secrets.claim(pair.id, READ, now)
      expect(claim).toStrictEqual({
        kind: 'claimed',
        sealed: pair.secret.sealed,
        metadata: { ...pair.metadata, state: 'received', updated: now },
      })
      expect(await store.secrets.claim(pair.id, READ, now)).toStrictEqual({ kind: 'gone' })
      expect(await store.secrets.peek(pair.id, now)).toBeUndefined()
    })

    it('keeps every byte value, and an absent part stays absent', async () => {
      const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
      const bare = newPair({ sealed: everyByte })
      const full = newPair({}, { sealed: everyByte })
      await store.secrets.create(bare, START)
      await store.secrets.create(full, START)
      expect(await store.secrets.settle(bare.id, 'observer', START)).toStrictEqual(bare.metadata)
      expect(await store.secrets.settle(full.id, 'observer', START)).toStrictEqual(full.metadata)
      const claim = await store.secrets.claim(bare.id, READ, START)
      await store.secrets.claim(full.id, READ, START)
      expect(claim).toMatchObject({ kind: 'claimed', sealed: everyByte })
    })

    it('takes the ttl to the millisecond: readable one before, gone at it', async () => {
      const [early, late] = [newPair(), newPair()]
      await store.secrets.create(early, START)
      await store.secrets.create(late, START)
      expect(await store.secrets.peek(late.id, EXPIRY - 1)).toEqual({ protected: false })
      expect(await store.secrets.peek(late.id, EXPIRY)).toBeUndefined()
      expect(await store.secrets.claim(early.id, READ, EXPIRY - 1)).toMatchObject({ kind: 'claimed' })
      expect(await store.secrets.claim(late.id, READ, EXPIRY)).toStrictEqual({ kind: 'gone' })
      expect(await store.secrets.take(late.id, 'received', EXPIRY)).toBe(false)
    })

    it('keeps the metadata twice as long as the secret', async () => {
      const [read, unread] = [newPair(), newPair()]
      await store.secrets.create(read, START)
      await store.secrets.create(unread, START)
      await store.secrets.claim(read.id, READ, START + 1)
      expect(await store.secrets.settle(read.id, 'observer', METADATA_EXPIRY - 1)).toMatchObject({
        state: 'received',
        updated: START + 1,
      })
      expect(await store.secrets.settle(unread.id, 'observer', METADATA_EXPIRY - 1)).toMatchObject({
        state: 'expired',
      })
      expect(await store.secrets.settle(read.id, 'observer', METADATA_EXPIRY)).toBeUndefined()
      expect(await store.secrets.settle(unread.id, 'observer', METADATA_EXPIRY)).toBeUndefined()
    })

    it.each([0, -1, -0.5, -TTL, Number.NaN])(
      'F3: a ttl of %d seconds never leaves a secret behind',
      async (ttl) => {
        const pair = newPair({}, { ttl })
        await store.secrets.create(pair, START).catch(() => 'refused is as good')
        expect(await store.secrets.peek(pair.id, START)).toBeUndefined()
        expect(await store.secrets.claim(pair.id, READ, START)).toStrictEqual({ kind: 'gone' })
        expect(await store.secrets.take(pair.id, 'received', START)).toBe(false)
      },
    )

    it('F3: a fraction of a second counts', async () => {
      const pair = newPair({}, { ttl: 90.25 })
      await store.secrets.create(pair, START)
      expect(await store.secrets.peek(pair.id, START + 90_249)).toEqual({ protected: false })
      expect(await store.secrets.claim(pair.id, READ, START + 90_250)).toStrictEqual({ kind: 'gone' })
    })

    it('takes a secret once, whichever way', async () => {
      const [taken, claimed] = [newPair(), newPair()]
      await store.secrets.create(taken, START)
      await store.secrets.create(claimed, START)
      expect(await store.secrets.take(taken.id, 'received', START + 1)).toBe(true)
      expect(await store.secrets.take(taken.id, 'received', START + 2)).toBe(false)
      expect(await store.secrets.claim(taken.id, READ, START + 2)).toStrictEqual({ kind: 'gone' })
      await store.secrets.claim(claimed.id, BURN, START + 1)
      expect(await store.secrets.take(claimed.id, 'received', START + 2)).toBe(false)
      expect(await store.secrets.settle(claimed.id, 'observer', START + 2)).toMatchObject({ state: 'burned' })
    })

    it('changes nothing by a peek', async () => {
      const pair = newPair()
      await store.secrets.create(pair, START)
      expect(await store.secrets.peek(pair.id, START + 1)).toEqual({ protected: false })
      expect(await store.secrets.peek(pair.id, EXPIRY)).toBeUndefined()
      expect(await store.secrets.settle(pair.id, 'observer', START + 2)).toStrictEqual(pair.metadata)
      expect(await store.secrets.claim(pair.id, READ, START + 3)).toMatchObject({ kind: 'claimed' })
    })

    it('withdraws both halves, and knows nothing of them after', async () => {
      const pair = newPair()
      await store.secrets.create(pair, START)
      await store.secrets.withdraw(pair.id)
      expect(await store.secrets.peek(pair.id, START)).toBeUndefined()
      expect(await store.secrets.settle(pair.id, 'observer', START)).toBeUndefined()
      expect(await store.secrets.claim(pair.id, READ, START)).toStrictEqual({ kind: 'gone' })
      await store.secrets.withdraw(pair.id)
    })

    it('knows nothing of an id that was never stored', async () => {
      const id = newId()
      expect(await store.secrets.claim(id, READ, START)).toStrictEqual({ kind: 'gone' })
      expect(await store.secrets.take(id, 'burned', START)).toBe(false)
      expect(await store.secrets.peek(id, START)).toBeUndefined()
      expect(await store.secrets.settle(id, 'sender', START)).toBeUndefined()
      await store.secrets.withdraw(id)
    })

    it('leaves a secret alone whose root key is not at hand', async () => {
      const pair = newPair({ root: '00000000' })
      await store.secrets.create(pair, START)
      expect(await store.secrets.claim(pair.id, READ, START)).toStrictEqual({ kind: 'unreadable' })
      expect(await store.secrets.claim(pair.id, BURN, START)).toStrictEqual({ kind: 'unreadable' })
      expect(await store.secrets.settle(pair.id, 'observer', START)).toStrictEqual(pair.metadata)
      const both = { ...READ, roots: [ROOT, '00000000'] }
      expect(await store.secrets.claim(pair.id, both, START)).toMatchObject({
        kind: 'claimed',
        sealed: pair.secret.sealed,
      })
    })

    it('F14: reads again what was stored before a restart, and what was claimed stays claimed', async () => {
      const [unread, read, burned, withdrawn] = [newPair(), newPair(), newPair(), newPair()]
      const before = await harness.open()
      for (const pair of [unread, read, burned, withdrawn]) await before.secrets.create(pair, START)
      await before.secrets.claim(read.id, READ, START + 1)
      await before.secrets.take(burned.id, 'burned', START + 1)
      await before.secrets.withdraw(withdrawn.id)
      await before.close()
      await store.close()
      await harness.restart?.()
      store = await harness.open()
      expect(await store.secrets.claim(read.id, READ, START + 2)).toStrictEqual({ kind: 'gone' })
      expect(await store.secrets.settle(read.id, 'observer', START + 2)).toMatchObject({ state: 'received' })
      expect(await store.secrets.take(burned.id, 'received', START + 2)).toBe(false)
      expect(await store.secrets.settle(burned.id, 'observer', START + 2)).toMatchObject({ state: 'burned' })
      expect(await store.secrets.settle(withdrawn.id, 'observer', START + 2)).toBeUndefined()
      expect(await store.secrets.claim(unread.id, READ, START + 2)).toMatchObject({
        kind: 'claimed',
        sealed: unread.secret.sealed,
      })
    })
  })
}

import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StoredPair } from '../../src/secrets/records.ts'
import type { Store } from '../../src/store/store.ts'
import { seconds } from '../../src/time.ts'
import { later } from '../support/time.ts'
import type { StoreHarness } from './harness.ts'
import { available, BURN, EXPIRY, newId, newPair, READ, RECEIPT_EXPIRY, ROOT, START, TTL } from './samples.ts'

/** Registers the tests of a secret without a passphrase. Source: docs/api/v1.md sections 4 and 6. */
export function secretStoreContract(harness: StoreHarness): void {
  describe('secrets', () => {
    let store: Store
    beforeAll(async () => {
      store = await harness.open()
    })
    afterAll(() => store.close())

    it('hands a secret out once, byte for byte, with its receipt in the state received', async () => {
      const pair = newPair({ sealed: randomBytes(10_400) }, { sealed: randomBytes(300) })
      await store.secrets.create(pair, START)
      const now = later(START, 5000)
      const claim = await store.secrets.claim(pair.id, READ, now)
      expect(claim).toStrictEqual({
        kind: 'claimed',
        sealed: pair.secret.sealed,
        receipt: { ...pair.receipt, state: 'received', updated: now },
      })
      expect(await store.secrets.claim(pair.id, READ, now)).toStrictEqual({ kind: 'gone' })
      expect(await store.secrets.peek(pair.id, now)).toBeUndefined()
    })

    it('keeps every byte value, and leaves absent details of a receipt absent', async () => {
      const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
      const bare = newPair({ sealed: everyByte })
      const full = newPair({}, { sealed: everyByte })
      await store.secrets.create(bare, START)
      await store.secrets.create(full, START)
      expect(await store.secrets.settle(bare.id, 'observer', START)).toStrictEqual(bare.receipt)
      expect(await store.secrets.settle(full.id, 'observer', START)).toStrictEqual(full.receipt)
      const claim = await store.secrets.claim(bare.id, READ, START)
      await store.secrets.claim(full.id, READ, START)
      expect(claim).toMatchObject({ kind: 'claimed', sealed: everyByte })
    })

    it('makes a secret available until one millisecond before its ttl, and gone at it', async () => {
      const [early, late] = [newPair(), newPair()]
      await store.secrets.create(early, START)
      await store.secrets.create(late, START)
      expect(await store.secrets.peek(late.id, later(EXPIRY, -1))).toStrictEqual(available(late))
      expect(await store.secrets.peek(late.id, EXPIRY)).toBeUndefined()
      expect(await store.secrets.claim(early.id, READ, later(EXPIRY, -1))).toMatchObject({ kind: 'claimed' })
      expect(await store.secrets.claim(late.id, READ, EXPIRY)).toStrictEqual({ kind: 'gone' })
      expect(await store.secrets.take(late.id, 'received', EXPIRY)).toBe(false)
    })

    it('keeps a receipt twice as long as its secret', async () => {
      const [read, unread] = [newPair(), newPair()]
      await store.secrets.create(read, START)
      await store.secrets.create(unread, START)
      await store.secrets.claim(read.id, READ, later(START, 1))
      expect(await store.secrets.settle(read.id, 'observer', later(RECEIPT_EXPIRY, -1))).toMatchObject({
        state: 'received',
        updated: later(START, 1),
      })
      expect(await store.secrets.settle(unread.id, 'observer', later(RECEIPT_EXPIRY, -1))).toMatchObject({
        state: 'expired',
      })
      expect(await store.secrets.settle(read.id, 'observer', RECEIPT_EXPIRY)).toBeUndefined()
      expect(await store.secrets.settle(unread.id, 'observer', RECEIPT_EXPIRY)).toBeUndefined()
    })

    it.each([0, -1, -0.5, -TTL, Number.NaN])(
      'F3: never makes a secret with a ttl of %d seconds available',
      async (ttl) => {
        const pair = newPair({}, { ttl: seconds(ttl) })
        await store.secrets.create(pair, START).catch(() => 'rejecting it is as good')
        expect(await store.secrets.peek(pair.id, START)).toBeUndefined()
        expect(await store.secrets.claim(pair.id, READ, START)).toStrictEqual({ kind: 'gone' })
        expect(await store.secrets.take(pair.id, 'received', START)).toBe(false)
      },
    )

    it('F3: counts a fraction of a second in a ttl', async () => {
      const pair = newPair({}, { ttl: seconds(90.25) })
      await store.secrets.create(pair, START)
      expect(await store.secrets.peek(pair.id, later(START, 90_249))).toMatchObject({ protected: false })
      expect(await store.secrets.claim(pair.id, READ, later(START, 90_250))).toStrictEqual({ kind: 'gone' })
    })

    it('takes a secret once, by a take or by a claim', async () => {
      const [taken, claimed] = [newPair(), newPair()]
      await store.secrets.create(taken, START)
      await store.secrets.create(claimed, START)
      expect(await store.secrets.take(taken.id, 'received', later(START, 1))).toBe(true)
      expect(await store.secrets.take(taken.id, 'received', later(START, 2))).toBe(false)
      expect(await store.secrets.claim(taken.id, READ, later(START, 2))).toStrictEqual({ kind: 'gone' })
      await store.secrets.claim(claimed.id, BURN, later(START, 1))
      expect(await store.secrets.take(claimed.id, 'received', later(START, 2))).toBe(false)
      expect(await store.secrets.settle(claimed.id, 'observer', later(START, 2))).toMatchObject({
        state: 'burned',
      })
    })

    it('changes no secret by peeking at it', async () => {
      const pair = newPair()
      await store.secrets.create(pair, START)
      expect(await store.secrets.peek(pair.id, later(START, 1))).toStrictEqual(available(pair))
      expect(await store.secrets.peek(pair.id, EXPIRY)).toBeUndefined()
      expect(await store.secrets.settle(pair.id, 'observer', later(START, 2))).toStrictEqual(pair.receipt)
      expect(await store.secrets.claim(pair.id, READ, later(START, 3))).toMatchObject({ kind: 'claimed' })
    })

    it('keeps a sealed sender as long as the secret, and leaves an absent one absent', async () => {
      const [told, open, bare] = [
        newPair({ protected: true, sender: randomBytes(60) }),
        newPair({ sender: Buffer.from([0, 10, 255]) }),
        newPair(),
      ]
      for (const pair of [told, open, bare]) {
        await store.secrets.create(pair, START)
        expect(await store.secrets.peek(pair.id, START)).toStrictEqual(available(pair))
        expect(await store.secrets.settle(pair.id, 'observer', START)).toStrictEqual(pair.receipt)
      }
      const stored: StoredPair[] = []
      for await (const pair of store.secrets.all()) stored.push(pair)
      for (const pair of [told, open, bare]) {
        expect(stored.find(({ id }) => id === pair.id)).toStrictEqual(pair)
        await store.secrets.claim(pair.id, READ, START)
      }
      await store.secrets.take(told.id, 'received', START)
      for (const { id } of [told, open]) expect(await store.secrets.peek(id, START)).toBeUndefined()
    })

    it('removes both records of a withdrawn secret', async () => {
      const pair = newPair()
      await store.secrets.create(pair, START)
      await store.secrets.withdraw(pair.id)
      expect(await store.secrets.peek(pair.id, START)).toBeUndefined()
      expect(await store.secrets.settle(pair.id, 'observer', START)).toBeUndefined()
      expect(await store.secrets.claim(pair.id, READ, START)).toStrictEqual({ kind: 'gone' })
      await store.secrets.withdraw(pair.id)
    })

    it('finds nothing under a record id that was never stored', async () => {
      const id = newId()
      expect(await store.secrets.claim(id, READ, START)).toStrictEqual({ kind: 'gone' })
      expect(await store.secrets.take(id, 'burned', START)).toBe(false)
      expect(await store.secrets.peek(id, START)).toBeUndefined()
      expect(await store.secrets.settle(id, 'sender', START)).toBeUndefined()
      await store.secrets.withdraw(id)
    })

    it('changes nothing of a secret under a root key that is not available', async () => {
      const pair = newPair({ root: '00000000' })
      await store.secrets.create(pair, START)
      expect(await store.secrets.claim(pair.id, READ, START)).toStrictEqual({
        kind: 'unreadable',
        root: pair.secret.root,
      })
      expect(await store.secrets.claim(pair.id, BURN, START)).toStrictEqual({
        kind: 'unreadable',
        root: pair.secret.root,
      })
      expect(await store.secrets.settle(pair.id, 'observer', START)).toStrictEqual(pair.receipt)
      const both = { ...READ, roots: [ROOT, '00000000'] }
      expect(await store.secrets.claim(pair.id, both, START)).toMatchObject({
        kind: 'claimed',
        sealed: pair.secret.sealed,
      })
    })

    it('F14: loses no available secret by a restart, and brings no claimed one back', async () => {
      const [unread, read, burned, withdrawn] = [newPair(), newPair(), newPair(), newPair()]
      const before = await harness.open()
      for (const pair of [unread, read, burned, withdrawn]) await before.secrets.create(pair, START)
      await before.secrets.claim(read.id, READ, later(START, 1))
      await before.secrets.take(burned.id, 'burned', later(START, 1))
      await before.secrets.withdraw(withdrawn.id)
      await before.close()
      await store.close()
      await harness.restart?.()
      store = await harness.open()
      expect(await store.secrets.claim(read.id, READ, later(START, 2))).toStrictEqual({ kind: 'gone' })
      expect(await store.secrets.settle(read.id, 'observer', later(START, 2))).toMatchObject({
        state: 'received',
      })
      expect(await store.secrets.take(burned.id, 'received', later(START, 2))).toBe(false)
      expect(await store.secrets.settle(burned.id, 'observer', later(START, 2))).toMatchObject({
        state: 'burned',
      })
      expect(await store.secrets.settle(withdrawn.id, 'observer', later(START, 2))).toBeUndefined()
      expect(await store.secrets.claim(unread.id, READ, later(START, 2))).toMatchObject({
        kind: 'claimed',
        sealed: unread.secret.sealed,
      })
    })
  })
}

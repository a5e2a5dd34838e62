import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RecordId } from '../../src/secrets/keys.ts'
import type { State } from '../../src/secrets/records.ts'
import type { Store } from '../../src/store/store.ts'
import { seconds } from '../../src/time.ts'
import { later } from '../support/time.ts'
import type { StoreHarness } from './harness.ts'
import { BURN, EXPIRY, newPair, READ, RECEIPT_EXPIRY, START, TTL } from './samples.ts'

/** Registers the tests of the state in a receipt. Source: docs/api/v1.md section 4. */
export function stateContract(harness: StoreHarness): void {
  describe('states of a secret (docs/api/v1.md section 4)', () => {
    let store: Store
    beforeAll(async () => {
      store = await harness.open()
    })
    afterAll(() => store.close())

    it("returns new at the sender's first reading of the receipt and viewed at the next", async () => {
      const { id, receipt } = await created()
      expect(await store.secrets.settle(id, 'sender', later(START, 10))).toStrictEqual(receipt)
      const viewed = { ...receipt, state: 'viewed', updated: later(START, 10) }
      expect(await store.secrets.settle(id, 'sender', later(START, 20))).toStrictEqual(viewed)
      expect(await store.secrets.settle(id, 'observer', later(START, 30))).toStrictEqual(viewed)
    })

    it("leaves a secret new at an observer's reading of the receipt", async () => {
      const { id, receipt } = await created()
      await store.secrets.settle(id, 'observer', later(START, 10))
      expect(await store.secrets.settle(id, 'observer', later(START, 20))).toStrictEqual(receipt)
    })

    it('brings many receipts up to date at once, in the order asked for, and leaves them new', async () => {
      const [one, other] = [await created(), await created()]
      const [expired, orphaned, unknown] = [await created(seconds(60)), await created(), newPair()]
      await harness.evict(orphaned.id)
      const ids = [other, unknown, expired, one, orphaned].map(({ id }) => id)
      const now = later(START, 60_000)
      const states = [
        other.receipt,
        undefined,
        { ...expired.receipt, state: 'expired', updated: now },
        one.receipt,
        { ...orphaned.receipt, state: 'orphaned', updated: now },
      ]
      expect(await store.secrets.settleAll(ids, now)).toStrictEqual(states)
      expect(await store.secrets.settleAll(ids, later(now, 9))).toStrictEqual(states)
      expect(await store.secrets.peek(expired.id, START)).toBeUndefined()
      expect(await store.secrets.settleAll([], now)).toEqual([])
    })

    it('keeps what is claimed while many receipts are brought up to date, and answers what their records say', async () => {
      const ids = (await Promise.all(Array.from({ length: 20 }, () => created()))).map(({ id }) => id)
      const [early, late] = [ids.slice(0, 10), ids.slice(10)]
      const claim = (id: RecordId) => store.secrets.claim(id, READ, later(EXPIRY, -1))
      const [first, ...others] = early as [RecordId, ...RecordId[]]
      // Over already, because a claim that replicas confirm, or whose script has to be loaded, is sent after the settling.
      const earlyClaims = [await claim(first), ...others.map(claim)]
      const settling = store.secrets.settleAll(ids, EXPIRY)
      const claims = await Promise.all([...earlyClaims, ...late.map(claim)])
      const states = claims.map(({ kind }) => (kind === 'claimed' ? 'received' : 'expired'))
      expect(states).toContain('received')
      const settled = await settling
      expect(settled.map((receipt) => receipt?.state)).toEqual(states)
      expect(await store.secrets.settleAll(ids, later(EXPIRY, 9))).toStrictEqual(settled)
    })

    it('reveals a viewed secret', async () => {
      const { id, secret } = await created()
      await store.secrets.settle(id, 'sender', later(START, 10))
      expect(await store.secrets.claim(id, READ, later(START, 20))).toMatchObject({
        kind: 'claimed',
        sealed: secret.sealed,
      })
      expect(await store.secrets.settle(id, 'sender', later(START, 30))).toMatchObject({
        state: 'received',
        updated: later(START, 20),
      })
    })

    it('returns expired once the ttl has passed, also at the first reading of the receipt', async () => {
      const { id, receipt } = await created()
      const expired = { ...receipt, state: 'expired', updated: later(EXPIRY, 7) }
      expect(await store.secrets.settle(id, 'sender', later(EXPIRY, 7))).toStrictEqual(expired)
      expect(await store.secrets.settle(id, 'sender', later(EXPIRY, 9))).toStrictEqual(expired)
    })

    it('returns expired for a viewed secret, and for one that was claimed too late', async () => {
      const [viewed, late] = [await created(), await created()]
      await store.secrets.settle(viewed.id, 'sender', later(START, 10))
      await store.secrets.claim(late.id, READ, EXPIRY)
      expect(await store.secrets.settle(viewed.id, 'observer', EXPIRY)).toMatchObject({ state: 'expired' })
      expect(await store.secrets.settle(late.id, 'observer', EXPIRY)).toMatchObject({ state: 'expired' })
    })

    it('never hands out a secret in the state expired to a process whose clock is behind', async () => {
      const { id } = await created()
      await store.secrets.settle(id, 'observer', EXPIRY)
      expect(await store.secrets.claim(id, READ, later(EXPIRY, -1))).toStrictEqual({ kind: 'gone' })
      expect(await store.secrets.take(id, 'received', later(EXPIRY, -1))).toBe(false)
      expect(await store.secrets.peek(id, later(EXPIRY, -1))).toBeUndefined()
      expect(await store.secrets.settle(id, 'observer', later(EXPIRY, -1))).toMatchObject({
        state: 'expired',
      })
    })

    it('returns orphaned for a secret that is missing before it expires', async () => {
      const { id, receipt } = await created()
      await harness.evict(id)
      expect(await store.secrets.claim(id, READ, later(START, 10))).toStrictEqual({ kind: 'gone' })
      expect(await store.secrets.take(id, 'received', later(START, 10))).toBe(false)
      const orphaned = { ...receipt, state: 'orphaned', updated: later(START, 20) }
      expect(await store.secrets.settle(id, 'sender', later(START, 20))).toStrictEqual(orphaned)
      expect(await store.secrets.settle(id, 'sender', later(START, 30))).toStrictEqual(orphaned)
    })

    it('returns expired, not orphaned, for a secret that is missing after its ttl', async () => {
      const { id } = await created()
      await harness.evict(id)
      expect(await store.secrets.settle(id, 'observer', EXPIRY)).toMatchObject({ state: 'expired' })
    })

    it.each<[State, (id: RecordId) => Promise<unknown>]>([
      ['received', (id) => store.secrets.claim(id, READ, later(START, 10))],
      ['received', (id) => store.secrets.take(id, 'received', later(START, 10))],
      ['burned', (id) => store.secrets.claim(id, BURN, later(START, 10))],
      ['burned', (id) => store.secrets.take(id, 'burned', later(START, 10))],
      ['expired', (id) => store.secrets.settle(id, 'observer', EXPIRY)],
      [
        'orphaned',
        (id) => harness.evict(id).then(() => store.secrets.settle(id, 'observer', later(START, 10))),
      ],
    ])('never changes the final state %s', async (state, reach) => {
      const { id } = await created()
      await reach(id)
      const final = await store.secrets.settle(id, 'observer', EXPIRY)
      expect(final).toMatchObject({ state })
      for (const now of [later(START, 20), later(EXPIRY, -1), EXPIRY, later(RECEIPT_EXPIRY, -1)]) {
        expect(await store.secrets.claim(id, READ, now)).toStrictEqual({ kind: 'gone' })
        expect(await store.secrets.claim(id, BURN, now)).toStrictEqual({ kind: 'gone' })
        expect(await store.secrets.take(id, 'received', now)).toBe(false)
        expect(await store.secrets.settle(id, 'sender', now)).toStrictEqual(final)
      }
    })

    async function created(ttl = TTL) {
      const pair = newPair({}, { ttl })
      await store.secrets.create(pair, START)
      return pair
    }
  })
}

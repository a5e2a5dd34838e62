import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Origin, ReceiptRecord, StoredPair } from '../../src/secrets/records.ts'
import type { Store } from '../../src/store/store.ts'
import { type Milliseconds, milliseconds } from '../../src/time.ts'
import { later } from '../support/time.ts'
import type { StoreHarness } from './harness.ts'
import { BURN, EXPIRY, type NewPair, newId, newPair, READ, RECEIPT_EXPIRY, START } from './samples.ts'

const PLENTY = { limit: 100, windowMs: milliseconds(60_000) }
const ATTEMPT = { network: 'a', perNetwork: PLENTY, perSecret: PLENTY, newcomerPause: milliseconds(60_000) }

/** Every combination of what a receipt may lack. */
const RECEIPTS = (['given', 'generated'] as const).flatMap((origin) =>
  [false, true].flatMap((hasDetails) => [false, true].map((hasMemo) => ({ origin, hasDetails, hasMemo }))),
)

/** Registers the tests of a receipt's memo, and of its origin, which is kept beside it. */
export function memoContract(harness: StoreHarness): void {
  describe('the memo and the origin of a receipt', () => {
    let store: Store
    beforeAll(async () => {
      store = await harness.open()
    })
    afterAll(() => store.close())

    describe.each(RECEIPTS)('%o', (kind) => {
      it('are returned by every method that returns a receipt', async () => {
        const pair = await created(kind)
        const { id, receipt } = pair
        expect(await read(pair, START)).toStrictEqual(receipt)
        await store.secrets.settle(id, 'sender', later(START, 1))
        const viewed = { ...receipt, state: 'viewed', updated: later(START, 1) }
        expect(await read(pair, later(START, 2))).toStrictEqual(viewed)
        const burned = { ...receipt, state: 'burned', updated: later(START, 3) }
        expect(await store.secrets.claim(id, BURN, later(START, 3))).toMatchObject({ receipt: burned })
        expect(await read(pair, later(START, 4))).toStrictEqual(burned)
      })

      it('outlive the reveal of a protected secret', async () => {
        const pair = await created(kind, { protected: true })
        const { id, receipt } = pair
        const claim = await store.secrets.claim(id, { ...READ, attempt: ATTEMPT }, later(START, 1))
        expect(claim).toMatchObject({ kind: 'protected', receipt })
        expect(await store.secrets.take(id, 'received', later(START, 2))).toBe(true)
        const received = { ...receipt, state: 'received', updated: later(START, 2) }
        expect(await read(pair, later(START, 3))).toStrictEqual(received)
      })

      it('outlive the expiry of a secret', async () => {
        const pair = await created(kind)
        const expired = { ...pair.receipt, state: 'expired', updated: EXPIRY }
        expect(await read(pair, EXPIRY)).toStrictEqual(expired)
        expect(await read(pair, later(EXPIRY, 1))).toStrictEqual(expired)
      })

      it('are the same among everything that is stored', async () => {
        const pair = await created(kind)
        const found: StoredPair[] = []
        for await (const stored of store.secrets.all()) if (stored.id === pair.id) found.push(stored)
        expect(found.at(0)).toStrictEqual(pair)
      })

      it('changes to another memo and to none, and nothing else does', async () => {
        const pair = await created(kind)
        const { memo: _, ...others } = pair.receipt
        const memo = randomBytes(600)
        expect(await store.secrets.setMemo(pair.id, memo, later(START, 1))).toBe(true)
        expect(await read(pair, later(START, 2))).toStrictEqual({ ...others, memo })
        expect(await store.secrets.setMemo(pair.id, undefined, later(START, 3))).toBe(true)
        expect(await read(pair, later(START, 4))).toStrictEqual(others)
        expect(await store.secrets.claim(pair.id, READ, later(START, 5))).toMatchObject({
          kind: 'claimed',
          sealed: pair.secret.sealed,
        })
      })
    })

    it('changes after a secret is gone, until one millisecond before its receipt expires', async () => {
      const pair = newPair()
      const memo = randomBytes(40)
      await store.secrets.create(pair, START)
      await store.secrets.claim(pair.id, READ, later(START, 1))
      expect(await store.secrets.setMemo(pair.id, memo, later(RECEIPT_EXPIRY, -1))).toBe(true)
      const received = { ...pair.receipt, state: 'received', updated: later(START, 1), memo }
      expect(await read(pair, later(RECEIPT_EXPIRY, -1))).toStrictEqual(received)
      expect(await store.secrets.setMemo(pair.id, memo, RECEIPT_EXPIRY)).toBe(false)
      expect(await store.secrets.setMemo(pair.id, undefined, RECEIPT_EXPIRY)).toBe(false)
    })

    it('is stored for no receipt that is unknown or withdrawn', async () => {
      const [unknown, withdrawn] = [newId(), newPair()]
      await store.secrets.create(withdrawn, START)
      await store.secrets.withdraw(withdrawn.id)
      for (const id of [unknown, withdrawn.id]) {
        expect(await store.secrets.setMemo(id, randomBytes(40), START)).toBe(false)
        expect(await store.secrets.setMemo(id, undefined, START)).toBe(false)
        expect(await store.secrets.settle(id, 'observer', START)).toBeUndefined()
      }
    })

    interface Kind {
      readonly origin: Origin
      readonly hasDetails: boolean
      readonly hasMemo: boolean
    }

    async function created({ origin, hasDetails, hasMemo }: Kind, secret: Partial<NewPair['secret']> = {}) {
      const details = hasDetails ? { sealed: randomBytes(90) } : {}
      const memo = hasMemo ? { memo: randomBytes(70) } : {}
      const pair = newPair(secret, { origin, ...details, ...memo })
      await store.secrets.create(pair, START)
      return pair
    }

    function read({ id }: NewPair, now: Milliseconds): Promise<ReceiptRecord | undefined> {
      return store.secrets.settle(id, 'observer', now)
    }
  })
}

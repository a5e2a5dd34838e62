import { describe, expect, it } from 'vitest'
import { milliseconds } from '../../src/time.ts'
import { accountStoreContract } from './accounts.ts'
import { admissionContract } from './admission.ts'
import { attemptContract } from './attempts.ts'
import { everythingContract } from './everything.ts'
import type { StoreHarness } from './harness.ts'
import { importStoreContract } from './imports.ts'
import { memoContract } from './memos.ts'
import { raceContract } from './races.ts'
import { rateStoreContract } from './rates.ts'
import { rootStoreContract } from './roots.ts'
import { available, newAccountId, newPair, READ, START } from './samples.ts'
import { secretStoreContract } from './secrets.ts'
import { stateContract } from './states.ts'

/** Registers every test that a store has to pass. */
export function storeContract(harness: StoreHarness): void {
  secretStoreContract(harness)
  stateContract(harness)
  attemptContract(harness)
  admissionContract(harness)
  memoContract(harness)
  importStoreContract(harness)
  accountStoreContract(harness)
  rateStoreContract(harness)
  rootStoreContract(harness)
  everythingContract(harness)
  raceContract(harness)

  describe('care of the store', () => {
    it('is ready for writes once it is open', async () => {
      const store = await harness.open()
      await expect(store.ready()).resolves.toMatchObject({ warnings: [] })
      await expect(store.reachable()).resolves.toBeUndefined()
      await store.close()
    })

    it('finishes a write that is under way before it closes', async () => {
      const [pair, counted] = [newPair(), newPair()]
      const quota = { bucket: counted.id, limit: { limit: 1, windowMs: milliseconds(1000) } }
      const closing = await harness.open()
      const created = closing.secrets.create(pair, START)
      const admitted = closing.secrets.create(counted, START, quota)
      await closing.close()
      await created
      expect(await admitted).toBe(0)
      const other = await harness.open()
      expect(await other.secrets.peek(pair.id, START)).toStrictEqual(available(pair))
      expect(await other.secrets.peek(counted.id, START)).toStrictEqual(available(counted))
      await other.close()
    })

    it('throws store_unavailable once it is closed, and closes twice without an error', async () => {
      const store = await harness.open()
      const pair = newPair()
      const root = { id: 'a1b2c3d4', check: Buffer.alloc(16) }
      const limit = { limit: 1, windowMs: milliseconds(1) }
      await store.close()
      await store.close()
      const unavailable = { name: 'DomainError', code: 'store_unavailable' }
      await expect(store.ready()).rejects.toMatchObject(unavailable)
      await expect(store.reachable()).rejects.toMatchObject(unavailable)
      await expect(store.secrets.create(pair, START)).rejects.toMatchObject(unavailable)
      await expect(store.secrets.claim(pair.id, READ, START)).rejects.toMatchObject(unavailable)
      const quota = { bucket: 'bucket', limit }
      await expect(store.secrets.create(pair, START, quota)).rejects.toMatchObject(unavailable)
      await expect(store.secrets.claim(pair.id, READ, START, quota)).rejects.toMatchObject(unavailable)
      await expect(store.secrets.take(pair.id, 'burned', START)).rejects.toMatchObject(unavailable)
      await expect(store.secrets.peek(pair.id, START)).rejects.toMatchObject(unavailable)
      await expect(store.secrets.settle(pair.id, 'sender', START)).rejects.toMatchObject(unavailable)
      await expect(store.secrets.settleAll([pair.id], START)).rejects.toMatchObject(unavailable)
      await expect(store.secrets.setMemo(pair.id, undefined, START)).rejects.toMatchObject(unavailable)
      await expect(store.secrets.withdraw(pair.id)).rejects.toMatchObject(unavailable)
      await expect(store.accounts.find(newAccountId())).rejects.toMatchObject(unavailable)
      await expect(store.accounts.list()).rejects.toMatchObject(unavailable)
      await expect(store.roots.recorded()).rejects.toMatchObject(unavailable)
      await expect(store.roots.record(root, [])).rejects.toMatchObject(unavailable)
      await expect(store.rates.take({ bucket: 'bucket', limit }, START)).rejects.toMatchObject(unavailable)
    })
  })
}

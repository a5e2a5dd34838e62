import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccountId, AccountRecord, RecentEntry } from '../../src/accounts/records.ts'
import type { Retention } from '../../src/accounts/store.ts'
import type { Store } from '../../src/store/store.ts'
import { type Milliseconds, milliseconds, seconds } from '../../src/time.ts'
import { later } from '../support/time.ts'
import type { StoreHarness } from './harness.ts'
import { newAccountId, START } from './samples.ts'

const DAY = 86_400_000
const HOUR = seconds(3600)
const MONTH = 30 * DAY
const KEEP = 100
const EPOCH = milliseconds(0)

/** Registers the tests of accounts and their recent lists. */
export function accountStoreContract(harness: StoreHarness): void {
  describe('accounts', () => {
    let store: Store
    beforeAll(async () => {
      store = await harness.open()
    })
    afterAll(() => store.close())

    it('finds a saved account, byte for byte', async () => {
      const [id, record] = [newAccountId(), newAccount()]
      expect(await store.accounts.find(id)).toBeUndefined()
      await store.accounts.save(id, record, { among: [id], when: 'either' })
      expect(await store.accounts.find(id)).toStrictEqual(record)
    })

    it('replaces an account that is saved again', async () => {
      const [id, rotated] = [newAccountId(), newAccount()]
      await store.accounts.save(id, newAccount(), { among: [id], when: 'either' })
      await store.accounts.save(id, rotated, { among: [id], when: 'either' })
      expect(await store.accounts.find(id)).toStrictEqual(rotated)
    })

    it('creates an account only where it does not exist under any of its ids', async () => {
      const [id, older, record] = [newAccountId(), newAccountId(), newAccount()]
      const condition = { among: [id, older], when: 'absent' } as const
      expect(await store.accounts.save(older, record, { among: [older], when: 'absent' })).toBe(true)
      expect(await store.accounts.save(id, newAccount(), condition)).toBe(false)
      expect(await store.accounts.find(id)).toBeUndefined()
      expect(await store.accounts.find(older)).toStrictEqual(record)
    })

    it('replaces an account under all its ids in one step, with an empty recent list', async () => {
      const [id, older, rotated] = [newAccountId(), newAccountId(), newAccount()]
      await store.accounts.save(older, newAccount(), { among: [older], when: 'absent' })
      await remember(older, START)
      expect(await store.accounts.save(id, rotated, { among: [id, older], when: 'present' })).toBe(true)
      expect(await store.accounts.find(older)).toBeUndefined()
      expect(await store.accounts.find(id)).toStrictEqual(rotated)
      expect(await store.accounts.recent(older, EPOCH)).toEqual([])
    })

    it('replaces no account that does not exist', async () => {
      const id = newAccountId()
      expect(await store.accounts.save(id, newAccount(), { among: [id], when: 'present' })).toBe(false)
      expect(await store.accounts.find(id)).toBeUndefined()
    })

    it('lets one of many callers who create an account at once succeed', async () => {
      const [id, older] = [newAccountId(), newAccountId()]
      const condition = { among: [id, older], when: 'absent' } as const
      const records = Array.from({ length: 20 }, newAccount)
      const saved = await Promise.all(records.map((record) => store.accounts.save(id, record, condition)))
      expect(saved.filter(Boolean)).toHaveLength(1)
      expect(await store.accounts.find(id)).toStrictEqual(records[saved.indexOf(true)])
    })

    it('lists every account once', async () => {
      const records = Array.from({ length: 12 }, newAccount)
      for (const record of records)
        await store.accounts.save(newAccountId(), record, { among: [], when: 'either' })
      const tokens = (await store.accounts.list()).map((record) => record.token.toString('hex'))
      expect(new Set(tokens).size).toBe(tokens.length)
      expect(tokens).toEqual(expect.arrayContaining(records.map((record) => record.token.toString('hex'))))
    })

    it('removes an account with its recent list, and returns whether the account existed', async () => {
      const [id, record] = [newAccountId(), newAccount()]
      await store.accounts.save(id, record, { among: [id], when: 'either' })
      await remember(id, START)
      expect(await store.accounts.remove(id)).toBe(true)
      expect(await store.accounts.find(id)).toBeUndefined()
      expect(await store.accounts.recent(id, EPOCH)).toEqual([])
      expect(await store.accounts.remove(id)).toBe(false)
      const tokens = (await store.accounts.list()).map((each) => each.token.toString('hex'))
      expect(tokens).not.toContain(record.token.toString('hex'))
    })

    it('keeps accounts, recent lists and session epochs over a restart', async () => {
      const [id, record] = [newAccountId(), newAccount()]
      await store.accounts.save(id, record, { among: [id], when: 'either' })
      const entry = await remember(id, START)
      const epoch = await store.accounts.raiseSessionEpoch(id, START, HOUR)
      await store.close()
      await harness.restart?.()
      store = await harness.open()
      expect(await store.accounts.find(id)).toStrictEqual(record)
      expect(await store.accounts.recent(id, START)).toStrictEqual([entry])
      expect(await store.accounts.sessionEpoch(id)).toBe(epoch)
    })

    it('returns recent entries newest first, also for an account that is not stored', async () => {
      const id = newAccountId()
      const entries = []
      for (const age of [3, 1, 2]) entries.push(await remember(id, later(START, -age * DAY), START))
      const [third, first, second] = entries
      expect(await store.accounts.recent(id, later(START, -MONTH))).toStrictEqual([first, second, third])
    })

    it('keeps the recent lists of two accounts apart', async () => {
      const [one, other] = [newAccountId(), newAccountId()]
      const entry = await remember(one, START)
      expect(await store.accounts.recent(other, EPOCH)).toEqual([])
      await store.accounts.remove(other)
      expect(await store.accounts.recent(one, EPOCH)).toStrictEqual([entry])
    })

    it('returns recent entries of the same millisecond by their bytes, highest first', async () => {
      const id = newAccountId()
      const entries = []
      for (let i = 0; i < 6; i++) entries.push(await remember(id, START))
      const sorted = entries.toSorted((a, b) => Buffer.compare(b.sealed, a.sealed))
      expect(await store.accounts.recent(id, START)).toStrictEqual(sorted)
    })

    it('keeps one recent entry when the same is added twice', async () => {
      const id = newAccountId()
      const entry = newEntry(START)
      await store.accounts.remember(id, entry, retentionAt(START), START)
      await store.accounts.remember(id, entry, retentionAt(START), START)
      expect(await store.accounts.recent(id, START)).toStrictEqual([entry])
    })

    it('returns recent entries as old as the horizon and none older', async () => {
      const id = newAccountId()
      const [older, newer] = [await remember(id, START), await remember(id, later(START, 1))]
      expect(await store.accounts.recent(id, START)).toStrictEqual([newer, older])
      expect(await store.accounts.recent(id, later(START, 1))).toStrictEqual([newer])
      expect(await store.accounts.recent(id, later(START, 2))).toEqual([])
    })

    it('drops recent entries that are older than the horizon', async () => {
      const id = newAccountId()
      await remember(id, START)
      const kept = await remember(id, later(START, 1))
      const last = await remember(id, later(START, 1 + MONTH))
      expect(await store.accounts.recent(id, EPOCH)).toStrictEqual([last, kept])
    })

    it('keeps no more than the newest recent entries', async () => {
      const id = newAccountId()
      const entries = []
      for (let i = 0; i < 6; i++) {
        const created = later(START, i)
        const entry = newEntry(created)
        await store.accounts.remember(id, entry, { horizon: later(START, -MONTH), keep: 4 }, created)
        entries.unshift(entry)
      }
      expect(await store.accounts.recent(id, EPOCH)).toStrictEqual(entries.slice(0, 4))
    })

    it('raises the epoch of sessions, always above its last value, for an account that need not be stored', async () => {
      const [id, other] = [newAccountId(), newAccountId()]
      expect(await store.accounts.sessionEpoch(id)).toBe(0)
      expect(await store.accounts.raiseSessionEpoch(id, START, HOUR)).toBe(START)
      expect(await store.accounts.raiseSessionEpoch(id, START, HOUR)).toBe(START + 1)
      expect(await store.accounts.raiseSessionEpoch(id, later(START, -DAY), HOUR)).toBe(START + 2)
      expect(await store.accounts.sessionEpoch(id)).toBe(START + 2)
      expect(await store.accounts.sessionEpoch(other)).toBe(0)
    })

    it('raises the epoch of sessions once for each of many callers', async () => {
      const id = newAccountId()
      const raise = () => store.accounts.raiseSessionEpoch(id, START, HOUR)
      const epochs = await Promise.all(Array.from({ length: 10 }, raise))
      expect(new Set(epochs).size).toBe(10)
      expect(await store.accounts.sessionEpoch(id)).toBe(Math.max(...epochs))
    })

    it('keeps the epoch of sessions when its account is removed', async () => {
      const [id, record] = [newAccountId(), newAccount()]
      await store.accounts.save(id, record, { among: [id], when: 'either' })
      const epoch = await store.accounts.raiseSessionEpoch(id, START, HOUR)
      await store.accounts.remove(id)
      expect(await store.accounts.sessionEpoch(id)).toBe(epoch)
    })

    async function remember(id: AccountId, created: Milliseconds, now = created): Promise<RecentEntry> {
      const entry = newEntry(created)
      await store.accounts.remember(id, entry, retentionAt(now), now)
      return entry
    }
  })
}

function retentionAt(now: Milliseconds): Retention {
  return { horizon: later(now, -MONTH), keep: KEEP }
}

function newAccount(): AccountRecord {
  return { email: randomBytes(60), token: randomBytes(32), created: START }
}

function newEntry(created: Milliseconds): RecentEntry {
  return { sealed: randomBytes(59), created }
}

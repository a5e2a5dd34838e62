import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccountId, AccountRecord, RecentEntry } from '../../src/accounts/records.ts'
import type { Store } from '../../src/store/store.ts'
import type { StoreHarness } from './harness.ts'
import { START } from './samples.ts'

const DAY = 86_400_000
const MONTH = 30 * DAY
const KEEP = 100

/** Accounts and their recent lists. */
export function accountStoreContract(harness: StoreHarness): void {
  describe('accounts', () => {
    let store: Store
    beforeAll(async () => {
      store = await harness.open()
    })
    afterAll(() => store.close())

    it('finds what it saved, byte for byte', async () => {
      const [id, record] = [newAccountId(), newAccount()]
      expect(await store.accounts.find(id)).toBeUndefined()
      await store.accounts.save(id, record)
      expect(await store.accounts.find(id)).toStrictEqual(record)
    })

    it('replaces an account that is saved again', async () => {
      const [id, rotated] = [newAccountId(), newAccount()]
      await store.accounts.save(id, newAccount())
      await store.accounts.save(id, rotated)
      expect(await store.accounts.find(id)).toStrictEqual(rotated)
    })

    it('lists every account once', async () => {
      const records = Array.from({ length: 12 }, newAccount)
      for (const record of records) await store.accounts.save(newAccountId(), record)
      const tokens = (await store.accounts.list()).map((record) => record.token.toString('hex'))
      expect(new Set(tokens).size).toBe(tokens.length)
      expect(tokens).toEqual(expect.arrayContaining(records.map((record) => record.token.toString('hex'))))
    })

    it('removes an account with its recent list, and says whether there was one', async () => {
      const [id, record] = [newAccountId(), newAccount()]
      await store.accounts.save(id, record)
      await remember(id, START)
      expect(await store.accounts.remove(id)).toBe(true)
      expect(await store.accounts.find(id)).toBeUndefined()
      expect(await store.accounts.recent(id, 0)).toEqual([])
      expect(await store.accounts.remove(id)).toBe(false)
      const tokens = (await store.accounts.list()).map((each) => each.token.toString('hex'))
      expect(tokens).not.toContain(record.token.toString('hex'))
    })

    it('keeps accounts over a restart', async () => {
      const [id, record] = [newAccountId(), newAccount()]
      await store.accounts.save(id, record)
      const entry = await remember(id, START)
      await store.close()
      await harness.restart?.()
      store = await harness.open()
      expect(await store.accounts.find(id)).toStrictEqual(record)
      expect(await store.accounts.recent(id, START)).toStrictEqual([entry])
    })

    it('lists recent entries newest first, also for an account that is not stored', async () => {
      const id = newAccountId()
      const entries = []
      for (const age of [3, 1, 2]) entries.push(await remember(id, START - age * DAY, START))
      const [third, first, second] = entries
      expect(await store.accounts.recent(id, START - MONTH)).toStrictEqual([first, second, third])
    })

    it('keeps the lists of two accounts apart', async () => {
      const [one, other] = [newAccountId(), newAccountId()]
      const entry = await remember(one, START)
      expect(await store.accounts.recent(other, 0)).toEqual([])
      await store.accounts.remove(other)
      expect(await store.accounts.recent(one, 0)).toStrictEqual([entry])
    })

    it('lists entries of the same millisecond by their bytes, greatest first', async () => {
      const id = newAccountId()
      const entries = []
      for (let i = 0; i < 6; i++) entries.push(await remember(id, START))
      const sorted = entries.toSorted((a, b) => Buffer.compare(b.sealed, a.sealed))
      expect(await store.accounts.recent(id, START)).toStrictEqual(sorted)
    })

    it('keeps an entry that comes twice once', async () => {
      const id = newAccountId()
      const entry = newEntry(START)
      await store.accounts.remember(id, entry, START - MONTH, KEEP, START)
      await store.accounts.remember(id, entry, START - MONTH, KEEP, START)
      expect(await store.accounts.recent(id, START)).toStrictEqual([entry])
    })

    it('shows what is as old as the horizon and nothing older', async () => {
      const id = newAccountId()
      const [older, newer] = [await remember(id, START), await remember(id, START + 1)]
      expect(await store.accounts.recent(id, START)).toStrictEqual([newer, older])
      expect(await store.accounts.recent(id, START + 1)).toStrictEqual([newer])
      expect(await store.accounts.recent(id, START + 2)).toEqual([])
    })

    it('drops what the horizon has passed', async () => {
      const id = newAccountId()
      await remember(id, START)
      const kept = await remember(id, START + 1)
      const last = await remember(id, START + 1 + MONTH)
      expect(await store.accounts.recent(id, 0)).toStrictEqual([last, kept])
    })

    it('keeps no more than the newest entries', async () => {
      const id = newAccountId()
      const entries = []
      for (let i = 0; i < 6; i++) {
        const entry = newEntry(START + i)
        await store.accounts.remember(id, entry, START - MONTH, 4, START + i)
        entries.unshift(entry)
      }
      expect(await store.accounts.recent(id, 0)).toStrictEqual(entries.slice(0, 4))
    })

    async function remember(id: AccountId, created: number, now = created): Promise<RecentEntry> {
      const entry = newEntry(created)
      await store.accounts.remember(id, entry, now - MONTH, KEEP, now)
      return entry
    }
  })
}

function newAccountId(): AccountId {
  return randomBytes(16).toString('base64url')
}

function newAccount(): AccountRecord {
  return { email: randomBytes(60), token: randomBytes(32), created: START }
}

function newEntry(created: number): RecentEntry {
  return { sealed: randomBytes(59), created }
}

import { retentionAt } from '../accounts/recent.ts'
import type { AccountId } from '../accounts/records.ts'
import { receiptExpiry, type StoredPair, secretExpiry } from '../secrets/records.ts'
import type { Milliseconds } from '../time.ts'
import type { Store } from './store.ts'

const AT_ONCE = 256

/** What was copied. */
export interface Migrated {
  /** Secrets, read ones included. */
  readonly secrets: number
  readonly accounts: number
}

/** @returns Whether nothing at all is in the store. @throws DomainError `store_unavailable`. */
export async function isEmpty({ secrets, accounts }: Store): Promise<boolean> {
  for await (const _ of secrets.all()) return false
  for await (const _ of accounts.listed()) return false
  return (await accounts.list()).length === 0
}

/**
 * Copies all that is not over, sealed as it is, with the time that each has left. Nobody may use either store
 * meanwhile. Counted guesses and request budgets stay behind.
 * @param now Unix milliseconds.
 * @throws DomainError `store_unavailable`; part of it is copied then.
 */
export async function migrate(from: Store, to: Store, now: Milliseconds): Promise<Migrated> {
  const secrets = await migrateSecrets(from, to, now)
  const accounts = await from.accounts.list()
  for (const { id, ...record } of accounts) await to.accounts.save(id, record)
  await migrateLists(from, to, now)
  return { secrets, accounts: accounts.length }
}

async function migrateSecrets(from: Store, to: Store, now: Milliseconds): Promise<number> {
  let count = 0
  let batch: StoredPair[] = []
  const write = async () => {
    await Promise.all(batch.map((pair) => to.secrets.create(whatIsLeft(pair, now), now)))
    count += batch.length
    batch = []
  }
  for await (const pair of from.secrets.all()) {
    if (receiptExpiry(pair.receipt) <= now) continue
    batch.push(pair)
    if (batch.length === AT_ONCE) await write()
  }
  await write()
  return count
}

function whatIsLeft(pair: StoredPair, now: Milliseconds): StoredPair {
  const { id, receipt } = pair
  return secretExpiry(receipt) <= now ? { id, receipt } : pair
}

async function migrateLists(from: Store, to: Store, now: Milliseconds): Promise<void> {
  const retention = retentionAt(now)
  const ids = new Set<AccountId>()
  for await (const id of from.accounts.listed()) ids.add(id)
  for (const id of ids) {
    const entries = await from.accounts.recent(id, retention.horizon)
    // Oldest first: of what was made in one millisecond, the later is listed first.
    for (const entry of entries.reverse()) await to.accounts.remember(id, entry, retention, now)
  }
}

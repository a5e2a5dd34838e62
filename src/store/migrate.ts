import { retentionAt } from '../accounts/recent.ts'
import type { AccountId } from '../accounts/records.ts'
import { EPOCH_TTL } from '../accounts/sessions.ts'
import type { AliasRecord } from '../secrets/import-store.ts'
import { receiptExpiry, type StoredPair, secretExpiry } from '../secrets/records.ts'
import type { Milliseconds } from '../time.ts'
import type { Store } from './store.ts'

const BATCH = 256

/** The number of records copied. */
export interface Migrated {
  /** Secrets, including those that are revealed, burned or expired. */
  readonly secrets: number
  readonly accounts: number
}

/** Tells whether a store contains nothing at all. @throws DomainError `store_unavailable`. */
export async function isEmpty({ secrets, imports, accounts }: Store): Promise<boolean> {
  for await (const _ of secrets.all()) return false
  for await (const _ of imports.allAliases()) return false
  for await (const _ of accounts.listed()) return false
  return (await accounts.list()).length === 0
}

/**
 * Copies everything that has not expired, still sealed, with its remaining lifetime. No server may use either store
 * meanwhile. Passphrase attempts and rate limits are not copied.
 *
 * @throws DomainError `store_unavailable`, possibly after a partial copy.
 */
export async function migrate(from: Store, to: Store, now: Milliseconds): Promise<Migrated> {
  const secrets = await migrateSecrets(from, to, now)
  await migrateImports(from, to, now)
  const accounts = await from.accounts.list()
  for (const { id, ...record } of accounts) {
    await to.accounts.save(id, record, { among: [id], when: 'either' })
  }
  await migrateRecentLists(from, to, now)
  await migrateSessionEpochs(from, to)
  await migrateRoots(from, to)
  return { secrets, accounts: accounts.length }
}

async function migrateSecrets(from: Store, to: Store, now: Milliseconds): Promise<number> {
  let count = 0
  let batch: StoredPair[] = []
  const write = async () => {
    await Promise.all(batch.map((pair) => to.secrets.create(withoutExpired(pair, now), now)))
    count += batch.length
    batch = []
  }
  for await (const pair of from.secrets.all()) {
    if (receiptExpiry(pair.receipt) <= now) continue
    batch.push(pair)
    if (batch.length === BATCH) await write()
  }
  await write()
  return count
}

async function migrateImports({ imports }: Store, to: Store, now: Milliseconds): Promise<void> {
  let batch: AliasRecord[] = []
  const write = async () => {
    await Promise.all(batch.map((alias) => to.imports.addAlias(alias, now)))
    batch = []
  }
  for await (const alias of imports.allAliases()) {
    if (alias.expires <= now) continue
    batch.push(alias)
    if (batch.length === BATCH) await write()
  }
  await write()
  const until = await imports.siteSecretAwaited(now)
  if (until !== undefined) await to.imports.awaitSiteSecret(until, now)
}

function withoutExpired(pair: StoredPair, now: Milliseconds): StoredPair {
  const { id, receipt } = pair
  return secretExpiry(receipt) <= now ? { id, receipt } : pair
}

async function migrateRoots(from: Store, to: Store): Promise<void> {
  const roots = await from.roots.recorded()
  const ids = roots.map(({ id }) => id)
  for (const root of roots.reverse()) await to.roots.record(root, ids)
}

// Otherwise, sessions that were ended would resume.
async function migrateSessionEpochs(from: Store, to: Store): Promise<void> {
  for await (const id of from.accounts.withSessionEpoch()) {
    const epoch = await from.accounts.sessionEpoch(id)
    await to.accounts.raiseSessionEpoch(id, epoch, EPOCH_TTL)
  }
}

async function migrateRecentLists(from: Store, to: Store, now: Milliseconds): Promise<void> {
  const retention = retentionAt(now)
  const ids = new Set<AccountId>()
  for await (const id of from.accounts.listed()) ids.add(id)
  for (const id of ids) {
    const entries = await from.accounts.recent(id, retention.horizon)
    // Oldest first, because within a millisecond the entry stored last is listed first.
    for (const entry of entries.reverse()) await to.accounts.remember(id, entry, retention, now)
  }
}

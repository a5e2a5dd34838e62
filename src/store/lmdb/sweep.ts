import type { RecordId } from '../../crypto/keys.ts'
import { metadataExpiry, secretExpiry } from '../../secrets/records.ts'
import type { Environment, Table } from './environment.ts'
import { guessesExpiry } from './guesses.ts'
import { settled } from './pairs.ts'
import type { RateTables } from './rates.ts'
import type { RecentKey, Tables } from './tables.ts'

/** Entries looked at under one turn of the write lock: a few milliseconds. */
const BATCH = 500

/** An index by time: what follows the time is the key of what is over then. */
type Index<K extends (string | number)[]> = Table<true, [at: number, ...K]>

/**
 * Deletes what is over: secrets, metadata, counted guesses, recent entries and spent budgets.
 * @param now Unix milliseconds.
 * @returns How many index entries were due.
 * @throws DomainError `store_unavailable`; what has been deleted until then stays so.
 */
export async function sweep(tables: Tables, rates: RateTables, now: number): Promise<number> {
  const { environment, expiry, recent, recentExpiry } = tables
  return (
    (await drain(environment, expiry, now, (id) => sweepSecret(tables, id, now))) +
    (await drain(environment, recentExpiry, now, (...key: RecentKey) => void recent.remove(key))) +
    (await drain(rates.environment, rates.expiry, now, (bucket) => sweepBucket(rates, bucket, now)))
  )
}

function sweepSecret({ pairs, guesses, expiry }: Tables, id: RecordId, now: number): void {
  const [pair, heard] = [pairs.get(id), guesses.get(id)]
  if (heard !== undefined && guessesExpiry(heard) <= now) void guesses.remove(id)
  if (pair === undefined) return
  const left = settled(pair, now)
  if (left === undefined) return void pairs.remove(id)
  if (left !== pair) void pairs.put(id, left)
  if (now >= secretExpiry(left.metadata)) void expiry.put([metadataExpiry(left.metadata), id], true)
}

function sweepBucket({ buckets }: RateTables, bucket: string, now: number): void {
  const window = buckets.get(bucket)
  if (window !== undefined && window.end <= now) void buckets.remove(bucket)
}

async function drain<K extends (string | number)[]>(
  environment: Environment,
  index: Index<K>,
  now: number,
  remove: (...key: K) => void,
): Promise<number> {
  let found: number
  let removed = 0
  do {
    found = await environment.transact(() => {
      const due = [...index.getKeys({ end: [now + 1], limit: BATCH })]
      for (const entry of due) {
        const [, ...key] = entry
        void index.remove(entry)
        remove(...(key as unknown as K))
      }
      return due.length
    })
    removed += found
  } while (found === BATCH)
  return removed
}

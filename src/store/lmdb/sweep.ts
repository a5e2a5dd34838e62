import type { AliasId } from '../../secrets/alias-ids.ts'
import { unexpiredAttempts } from '../../secrets/attempts.ts'
import type { RecordId } from '../../secrets/keys.ts'
import { receiptExpiry, secretExpiry } from '../../secrets/records.ts'
import { settled } from '../../secrets/states.ts'
import type { Milliseconds } from '../../time.ts'
import { createPause, drain, type Index, type Pause } from './drain.ts'
import { decodeAttempts, decodePair, encodeAttempts, encodePair } from './format.ts'
import type { RateTables } from './rates.ts'
import type { Tables } from './tables.ts'

/**
 * Deletes expired secrets, receipts, passphrase attempts, recent entries, aliases, session epochs and rate limit windows.
 *
 * @returns The number of index entries and of session epochs that were due.
 * @throws DomainError `store_unavailable`, possibly after a partial sweep.
 */
export async function sweep(tables: Tables, rates: RateTables, now: Milliseconds): Promise<number> {
  const { environment, expiry, recent, recentExpiry, aliasExpiry } = tables
  const pause = createPause()
  const drainDurable = <K extends (string | number)[]>(index: Index<K>, remove: (...key: K) => void) =>
    drain({ environment, index, remove }, now, pause)
  return (
    (await drainDurable(expiry, (id) => sweepSecret(tables, id, now))) +
    (await drainDurable(recentExpiry, (...key) => void recent.remove(key))) +
    (await drainDurable(aliasExpiry, (id) => sweepAlias(tables, id, now))) +
    (await sweepSessions(tables, now)) +
    (await sweepRates(rates, now, pause))
  )
}

function sweepSecret(tables: Tables, id: RecordId, now: Milliseconds): void {
  const { pairs, expiry } = tables
  const stored = pairs.get(id)
  // Without a passphrase, there are no attempts.
  if (stored === undefined || stored.metadata.protected) sweepAttempts(tables, id, now)
  if (stored === undefined) return
  const pair = decodePair(stored)
  const left = settled(pair, now)
  if (left === undefined) return void pairs.remove(id)
  if (left !== pair) void pairs.put(id, encodePair(left))
  if (now >= secretExpiry(left.receipt)) void expiry.put([receiptExpiry(left.receipt), id], true)
}

function sweepAlias({ aliases }: Tables, id: AliasId, now: Milliseconds): void {
  const alias = aliases.get(id)
  if (alias !== undefined && !(now < alias.expires)) void aliases.remove(id)
}

// Without an index, because few accounts have ended their sessions within hours.
async function sweepSessions({ environment, sessions }: Tables, now: Milliseconds): Promise<number> {
  const findDue = () => Array.from(sessions.getRange({})).filter(({ value }) => value.until <= now)
  if (environment.read(findDue).length === 0) return 0
  return environment.transact(() => {
    const due = findDue()
    for (const { key } of due) void sessions.remove(key)
    return due.length
  })
}

function sweepAttempts({ attempts }: Tables, id: RecordId, now: Milliseconds): void {
  for (const table of Object.values(attempts)) {
    const counted = table.get(id)
    if (counted === undefined) continue
    const left = unexpiredAttempts(decodeAttempts(counted), now)
    if (left === undefined) void table.remove(id)
    else void table.put(id, encodeAttempts(left))
  }
}

function sweepRates(
  { environment, buckets, expiry }: RateTables,
  now: Milliseconds,
  pause: Pause,
): Promise<number> {
  const volatile = { transact: async <T>(work: () => T) => environment.transactNow(work) }
  const remove = (bucket: string) => {
    const window = buckets.get(bucket)
    if (window !== undefined && window.end <= now) void buckets.remove(bucket)
  }
  return drain({ environment: volatile, index: expiry, remove }, now, pause)
}

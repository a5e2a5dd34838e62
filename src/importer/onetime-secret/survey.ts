import type { ForeignDatabase } from '../../store/redis/foreign.ts'
import { type OldKind, parseOldName } from './old-names.ts'
import type { OldRedis } from './old-redis.ts'

/** The databases that a Redis has unless it is configured otherwise. */
const DATABASES = 16
const LISTS = ['customer:email_index', 'customer:instances', 'onetime:customer'] as const
const NO_DATABASE = /DB index is out of range/

/** The databases with records of a kind, and how many records each has; an estimate while Redis rehashes. */
export type Layout = Readonly<Record<OldKind, ReadonlyMap<number, number>>>

/** Which databases to look at, and for what. */
export type ChosenDatabases = Readonly<Record<OldKind, number>>

/**
 * Finds out which databases hold records, by the names of all keys.
 *
 * @param chosen Looks into these databases only.
 * @throws ForeignRedisError.
 */
export async function survey(old: OldRedis, chosen: ChosenDatabases | undefined): Promise<Layout> {
  const layout = { secret: new Map(), receipt: new Map(), customer: new Map() }
  for await (const { db, database } of databasesOf(old, chosen)) {
    for await (const names of database.names('*:object')) {
      for (const name of names) {
        const kind = parseOldName(name)?.kind
        if (kind === undefined || (chosen !== undefined && chosen[kind] !== db)) continue
        layout[kind].set(db, (layout[kind].get(db) ?? 0) + 1)
      }
    }
  }
  return layout
}

/**
 * Tells whether a server of Onetime Secret used these databases, by its lists of accounts, which no import deletes.
 *
 * @throws ForeignRedisError.
 */
export async function holdsLists(old: OldRedis, chosen: ChosenDatabases | undefined): Promise<boolean> {
  for await (const { database } of databasesOf(old, chosen)) {
    const [count] = await database.send([['exists', ...LISTS]])
    if (typeof count === 'number' && count > 0) return true
  }
  return false
}

/** Opens one database after the other. */
async function* databasesOf(
  old: OldRedis,
  chosen: ChosenDatabases | undefined,
): AsyncIterable<{ readonly db: number; readonly database: ForeignDatabase }> {
  const numbers = chosen === undefined ? [...Array(DATABASES).keys()] : [...new Set(Object.values(chosen))]
  for (const db of numbers) {
    const database = await old.database(db).catch((error: Error) => {
      // It is configured with fewer.
      if (chosen === undefined && db > 0 && NO_DATABASE.test(error.message)) return undefined
      throw error
    })
    if (database === undefined) break
    yield { db, database }
  }
}

/** Returns the number of records of a kind. */
export function totalOf(layout: Layout, kind: OldKind): number {
  return [...layout[kind].values()].reduce((sum, count) => sum + count, 0)
}

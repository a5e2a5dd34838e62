import type { ForeignDatabase } from '../../store/redis/foreign.ts'
import { OLD_KEY } from './fields.ts'
import { type OldKind, type OldPlace, oldNamesOf, PATTERNS, parseOldName } from './old-names.ts'
import type { OldRedis } from './old-redis.ts'
import { isHash, type OldHash, readHashes } from './read-hashes.ts'
import type { Layout } from './survey.ts'
import { UnusableRecord } from './unusable.ts'

const BATCH = 100

/** Yields the places of all records of a kind, in batches within one database, some possibly twice. */
export async function* placesOf(
  old: OldRedis,
  layout: Layout,
  kind: OldKind,
): AsyncIterable<{
  readonly db: number
  readonly database: ForeignDatabase
  readonly names: readonly string[]
}> {
  for (const db of layout[kind].keys()) {
    const database = await old.database(db)
    for (const pattern of PATTERNS[kind]) {
      for await (const found of database.names(pattern)) {
        const names = found.filter((name) => parseOldName(name)?.kind === kind)
        for (let at = 0; at < names.length; at += BATCH) {
          yield { db, database, names: names.slice(at, at + BATCH) }
        }
      }
    }
  }
}

/** A hash that was looked up by the id of its record. */
export interface FoundHash extends OldHash {
  readonly place: OldPlace
}

/**
 * Looks records up by their ids, in every database and under every name that they may have.
 *
 * @param ids Those that no old server writes are not looked up.
 * @returns The hashes that were found, by id. What is no hash counts as not found.
 * @throws ForeignRedisError.
 */
export async function lookUp(
  old: OldRedis,
  layout: Layout,
  kind: OldKind,
  ids: Iterable<string>,
  fields: readonly string[],
): Promise<Map<string, FoundHash>> {
  const found = new Map<string, FoundHash>()
  const wanted = [...new Set(ids)]
  for (const db of layout[kind].keys()) {
    const database = await old.database(db)
    const names = wanted
      .filter((id) => !found.has(id))
      .flatMap((id) => oldNamesOf(kind, id).map((name) => [id, name] as const))
    const hashes = await readHashes(
      database,
      names.map(([, name]) => name),
      fields,
    )
    for (const [index, [id, name]] of names.entries()) {
      const hash = hashes[index]
      if (!isHash(hash) || found.has(id)) continue
      found.set(id, { ...hash, place: { db, name } })
    }
  }
  return found
}

/** Returns the id in the name of a secret or receipt. @throws UnusableRecord when no link can contain it. */
export function keyInName(name: string): string {
  const id = parseOldName(name)?.id ?? ''
  if (!OLD_KEY.test(id)) throw new UnusableRecord('damaged', 'malformed key')
  return id
}

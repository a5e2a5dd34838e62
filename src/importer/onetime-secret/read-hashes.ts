import type { ForeignDatabase } from '../../store/redis/foreign.ts'
import type { RawFields } from './fields.ts'
import { UnusableRecord } from './unusable.ts'

// Beyond this, no server would have accepted it.
const MAX_FIELD_BYTES = 64 * 1024 * 1024
// What is in memory at once, unless one record alone is larger.
const MAX_GROUP_BYTES = 8 * 1024 * 1024

/** The fields that hold the text of a secret, and may be large. */
const LARGE = ['value', 'ciphertext'] as const

/** A hash of the old Redis. */
export interface OldHash {
  readonly fields: RawFields
  /** Milliseconds until it expires; undefined if it never does. */
  readonly ttl: number | undefined
}

/** What reading a hash found: undefined when there is none, and what is wrong when it cannot be read. */
export type ReadHash = OldHash | UnusableRecord | undefined

/** Tells whether there is a hash. */
export function isHash(read: ReadHash): read is OldHash {
  return read !== undefined && !(read instanceof UnusableRecord)
}

/**
 * Reads hashes in one round trip.
 *
 * @throws ForeignRedisError.
 */
export async function readHashes(
  database: ForeignDatabase,
  names: readonly string[],
  fields: readonly string[],
): Promise<ReadHash[]> {
  const commands = names.flatMap((name) => [
    ['hmgetBuffer', name, ...fields] as const,
    ['pttl', name] as const,
  ])
  const replies = await database.send(commands)
  return names.map((_, index) => hashOf(fields, replies[index * 2], replies[index * 2 + 1]))
}

/**
 * Reads hashes that may be large, a few megabytes at once.
 *
 * @throws ForeignRedisError.
 */
export async function* readLargeHashes(
  database: ForeignDatabase,
  names: readonly string[],
  fields: readonly string[],
): AsyncIterable<readonly (readonly [name: string, hash: ReadHash])[]> {
  const sizes = await sizesOf(database, names)
  const isTooLarge = (name: string) => (sizes.get(name) ?? 0) > MAX_FIELD_BYTES
  const tooLarge = names.filter(isTooLarge)
  yield tooLarge.map((name) => [name, new UnusableRecord('damaged', 'larger than 64 MB')] as const)
  const others = names.filter((name) => !isTooLarge(name))
  for (const group of groupBySize(others, sizes)) {
    const hashes = await readHashes(database, group, fields)
    yield group.map((name, index) => [name, hashes[index]] as const)
  }
}

async function sizesOf(
  database: ForeignDatabase,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const commands = names.flatMap((name) => LARGE.map((field) => ['hstrlen', name, field] as const))
  const replies = await database.send(commands)
  const sizeAt = (index: number) => (typeof replies[index] === 'number' ? replies[index] : 0)
  return new Map(names.map((name, index) => [name, sizeAt(index * 2) + sizeAt(index * 2 + 1)]))
}

function* groupBySize(
  names: readonly string[],
  sizes: ReadonlyMap<string, number>,
): Iterable<readonly string[]> {
  let group: string[] = []
  let bytes = 0
  for (const name of names) {
    const size = sizes.get(name) ?? 0
    if (group.length > 0 && bytes + size > MAX_GROUP_BYTES) {
      yield group
      group = []
      bytes = 0
    }
    group.push(name)
    bytes += size
  }
  if (group.length > 0) yield group
}

function hashOf(names: readonly string[], values: unknown, ttl: unknown): ReadHash {
  if (typeof ttl !== 'number' || !Array.isArray(values)) return new UnusableRecord('damaged', 'no hash')
  if (ttl === -2) return undefined
  const fields = new Map<string, Buffer>()
  for (const [index, name] of names.entries()) {
    const value: unknown = values[index]
    if (Buffer.isBuffer(value)) fields.set(name, value)
  }
  return { fields, ttl: ttl === -1 ? undefined : ttl }
}

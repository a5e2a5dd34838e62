import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as lmdb from 'lmdb'
import type { RecordId } from '../../src/secrets/keys.ts'

const { open } = lmdb

const encoder = { useRecords: false }

const run = promisify(execFile)
const READ_KEYS = fileURLToPath(new URL('read-keys.mjs', import.meta.url))

/** Reads what is in a table of a data file, past an idle store, without the sums of its records. */
export async function readTable(file: string, table: string): Promise<{ key: unknown; value: unknown }[]> {
  const root = open({ path: file, noSubdir: true, overlappingSync: false })
  const entries = Array.from(root.openDB({ name: table, ...{ encoder } }).getRange({}))
  await root.close()
  return entries.map(({ key, value }) => ({ key, value: withoutSum(value) }))
}

/**
 * Returns the keys in a table of a data file, past a store that may be writing. In a process of its own, because opening a table
 * waits for the write lock, which a store of this process may hold until this process goes on.
 */
export async function readKeys(file: string, table: string): Promise<string[]> {
  const { stdout } = await run(process.execPath, [READ_KEYS, file, table])
  return JSON.parse(stdout)
}

function withoutSum(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('sum' in value)) return value
  const { sum: _, ...record } = value
  return record
}

/** Deletes the record of a secret, which the store itself never does before it expires or is claimed. */
export async function evictSecret(folder: string, id: RecordId): Promise<void> {
  const root = open({ path: join(folder, 'secrets.mdb'), noSubdir: true, overlappingSync: false })
  const pairs = root.openDB({ name: 'pairs', ...{ encoder } })
  await pairs.put(id, { metadata: pairs.get(id).metadata })
  await root.close()
}

/** What LMDB leaves undone at a commit, by the flag of the open file that says so (lmdb.h). */
const SKIPS = {
  MDB_OVERLAPPINGSYNC: 0x1000,
  MDB_NOSYNC: 0x10000,
  MDB_NOMETASYNC: 0x40000,
  MDB_MAPASYNC: 0x100000,
} as const

/**
 * Returns the flags that let a commit to a data file, which a store of this process holds open, succeed before it is on disk.
 * Opened again, the file has the flags of the store: LMDB opens it once in each process.
 */
export async function skippedSyncs(file: string): Promise<string[]> {
  const root = open({ path: file, noSubdir: true, overlappingSync: false })
  // Exported by lmdb-js, but not typed.
  const { nativeAddon } = lmdb as unknown as { nativeAddon: { getEnvFlags(address: number): number } }
  const { address } = (root as unknown as { env: { address: number } }).env
  const flags = nativeAddon.getEnvFlags(address)
  await root.close()
  return Object.entries(SKIPS).flatMap(([name, flag]) => ((flags & flag) === 0 ? [] : [name]))
}

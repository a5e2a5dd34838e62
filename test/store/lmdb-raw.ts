import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { open } from 'lmdb'
import type { RecordId } from '../../src/secrets/keys.ts'

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

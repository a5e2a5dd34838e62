import { join } from 'node:path'
import { open } from 'lmdb'
import type { RecordId } from '../../src/secrets/keys.ts'

const encoder = { useRecords: false }

/**
 * Reads what is in a table of a data file, past the store, without the sums of its records. Read-only, because a table that is
 * opened for writing waits for the write lock, and blocks this very process if its store holds that meanwhile.
 */
export async function readTable(file: string, table: string): Promise<{ key: unknown; value: unknown }[]> {
  const root = open({ path: file, noSubdir: true, overlappingSync: false, readOnly: true })
  const entries = Array.from(root.openDB({ name: table, ...{ encoder } }).getRange({}))
  await root.close()
  return entries.map(({ key, value }) => ({ key, value: withoutSum(value) }))
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

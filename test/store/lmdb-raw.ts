import { join } from 'node:path'
import { open } from 'lmdb'

const encoder = { useRecords: false }

/** What is really in a table of a data folder, read past the store. */
export async function readTable(file: string, table: string): Promise<{ key: unknown; value: unknown }[]> {
  const root = open({ path: file, noSubdir: true, overlappingSync: false })
  const entries = Array.from(root.openDB({ name: table, ...{ encoder } }).getRange({}))
  await root.close()
  return entries.map(({ key, value }) => ({ key, value }))
}

/** Deletes the secret's half of a pair, which the store itself never does before its time. */
export async function evictSecret(folder: string, id: string): Promise<void> {
  const root = open({ path: join(folder, 'secrets.mdb'), noSubdir: true, overlappingSync: false })
  const pairs = root.openDB({ name: 'pairs', ...{ encoder } })
  await pairs.put(id, { metadata: pairs.get(id).metadata })
  await root.close()
}

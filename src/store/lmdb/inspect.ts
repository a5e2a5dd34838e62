import { type Database, type Key, open } from 'lmdb'
import { isAvailable } from '../../secrets/states.ts'
import type { Milliseconds } from '../../time.ts'
import type { RootRecord } from '../roots.ts'
import { LMDB_FILE, TOLERANT } from './environment.ts'
import { decodePair, type PairOnDisk } from './format.ts'
import { TABLE_NAMES } from './tables.ts'
import { verifyFile } from './verify.ts'

/** What the file of a store holds. */
export interface Contents {
  /** Secrets that can still be revealed. */
  readonly unread: number
  readonly receipts: number
  readonly accounts: number
  /** The root keys that have sealed it, newest first; none in a file of 0.1.0. */
  readonly roots: readonly RootRecord[]
}

/**
 * Verifies the file of a store that no server uses, and counts what it holds. Writes nothing but a lock file beside it.
 *
 * @throws Error when anything in it is damaged; an LMDB or file system error.
 */
export async function inspectFile(path: string, now: Milliseconds): Promise<Contents> {
  if (verifyFile(path, TOLERANT).length > 0) throw new Error('some of its secrets cannot be read')
  const root = open({ ...LMDB_FILE, path, readOnly: true })
  try {
    // A table whose name is damaged would look like one that is missing, and so empty.
    const unknown = [...root.getKeys()].find((name) => !TABLE_NAMES.includes(String(name)))
    if (unknown !== undefined) throw new Error(`it has an unknown table, ${JSON.stringify(unknown)}`)
    // lmdb-js has no table for a name that the file does not have.
    const table = <V, K extends Key>(name: string): Database<V, K> | undefined =>
      root.openDB({ name, ...{ encoder: LMDB_FILE.encoder } })
    let unread = 0
    let receipts = 0
    for (const { value } of table<PairOnDisk, string>('pairs')?.getRange({}) ?? []) {
      receipts += 1
      if (isAvailable(decodePair(value), now)) unread += 1
    }
    return {
      unread,
      receipts,
      accounts: table('accounts')?.getCount({}) ?? 0,
      roots: table<readonly RootRecord[], string>('roots')?.get('recorded') ?? [],
    }
  } finally {
    await root.close()
  }
}

import { type Key, open } from 'lmdb'
import { DomainError } from '../../errors.ts'
import type { SummedTable } from './checksum.ts'
import { prepareDataFile } from './datafile.ts'
import { type CountedTable, type Table, withoutLost, withSums } from './table.ts'
import { verifyFile } from './verify.ts'
import { verifyOpenFile } from './verify-open.ts'

/** The table in which damage may be confined to a few records. */
export const TOLERANT = 'pairs'

/** How every LMDB file of ours is opened. */
export const LMDB_FILE = {
  noSubdir: true,
  // More than there are. lmdb-js allows 12.
  maxDbs: 32,
  encoder: { useRecords: false },
} as const

/** An open LMDB file. */
export interface Environment {
  /** Opens a named table. Only for start-up, because it waits for the write lock. @throws An LMDB error. */
  table<V, K extends Key>(name: string): Table<V, K>
  /** Opens a table whose records have sums. @throws An LMDB error. */
  records<V extends object, K extends string>(name: SummedTable): CountedTable<V, K>
  /** What is damaged in the file, for a warning; undefined if nothing. */
  readonly damage: string | undefined
  /**
   * Runs `work` as a transaction, while no other process can write to the file.
   *
   * @param work Must be synchronous, and must not throw after a write: LMDB would commit what it has written.
   * @param options `adds`: whether it adds data, for which an almost full disk has no room.
   * @returns The result of `work`, once the commit is on disk.
   * @throws DomainError `store_unavailable`; then nothing was changed.
   */
  transact<T>(work: () => T, options?: { readonly adds: boolean }): Promise<T>
  /**
   * Runs `work` as a transaction at once, and blocks the process until it is committed: only for a file that is not flushed,
   * and in which nothing calls `transact`.
   *
   * @param work Like that of `transact`.
   * @throws DomainError `store_unavailable`; then nothing was changed.
   */
  transactNow<T>(work: () => T): T
  /** Runs `work` on the newest commit of any process, and returns its result. @throws DomainError `store_unavailable`. */
  read<T>(work: () => T): T
  /** Copies the newest commit, without freed pages, to a new file. @throws An LMDB error. */
  copyTo(path: string): Promise<void>
  /** Finishes pending operations. Later calls fail with `store_unavailable`. */
  close(): Promise<void>
}

/** How to open an LMDB file. */
export interface EnvironmentOptions {
  /** Whether to sync each commit to disk. Otherwise, a crash of the machine may lose it. */
  readonly durable: boolean
  /** Throws when the disk is almost full. */
  readonly assertFreeSpace: () => void
}

/**
 * Opens an LMDB file, and creates it if it is missing. Verifies every page first, because LMDB does not.
 *
 * @throws Error when the file is damaged, beyond some secrets, or when a process with the same number uses it; an LMDB or
 *   file system error.
 */
export async function openEnvironment(
  path: string,
  { durable, assertFreeSpace }: EnvironmentOptions,
): Promise<Environment> {
  await prepareDataFile(path)
  const { encoder } = LMDB_FILE
  const root = open({
    ...LMDB_FILE,
    path,
    // LMDB's own order: a commit is visible only once it is on disk. With the default of lmdb-js, a claim would take effect
    // even if its sync failed.
    overlappingSync: false,
    noSync: !durable,
    // Otherwise, lmdb-js leaves a rejected promise unhandled when a commit fails.
    eventTurnBatching: false,
  })
  const lost = await verifyOpenFile(root, path, TOLERANT).catch(async (error: unknown) => {
    await root.close()
    throw error
  })

  return {
    table: (name) => root.openDB({ name, ...{ encoder } }),
    records<V extends object, K extends string>(name: SummedTable) {
      const table = withSums<V, K>(root.openDB({ name, ...{ encoder } }), path)
      return name === TOLERANT ? withoutLost(table, lost, path) : table
    },
    damage:
      lost.length === 0
        ? undefined
        : `${path} is damaged: some secrets on ${lost.length} of its pages cannot be read, and nothing that has expired is deleted`,
    async transact(work, { adds } = { adds: false }) {
      try {
        if (adds) assertFreeSpace()
        return await root.transaction(work)
      } catch (error) {
        return await rejectUnavailable(error as Failure)
      }
    },
    transactNow: (work) => attempt(() => root.transactionSync(work)),
    read: (work) =>
      attempt(() => {
        root.resetReadTxn()
        return work()
      }),
    async copyTo(target) {
      if (lost.length > 0)
        throw new Error(`${path} is damaged: copy the file as it is, with all servers stopped`)
      await root.backup(target, true)
      verifyFile(target, TOLERANT)
    },
    close: () => root.close(),
  }
}

function attempt<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw unavailable(error)
  }
}

type Failure = Error & { readonly commitError?: Promise<never> }

/** Reads the reason of a failed commit, which lmdb-js reports in a second promise that must be handled. */
async function rejectUnavailable(failure: Failure): Promise<never> {
  const reason = await failure.commitError?.catch((error: unknown) => error)
  throw unavailable(reason ?? failure)
}

function unavailable(cause: unknown): DomainError {
  return new DomainError('store_unavailable', { cause })
}

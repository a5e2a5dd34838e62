import { type Database, type Key, open } from 'lmdb'
import { DomainError } from '../../errors.ts'
import { prepareDataFile } from './datafile.ts'

export type Table<V, K extends Key> = Pick<Database<V, K>, 'get' | 'put' | 'remove' | 'getRange' | 'getKeys'>

/** One opened LMDB file. */
export interface Environment {
  /** Opens a named table. Right after the file only: it takes the write lock at once. @throws Error of LMDB. */
  table<V, K extends Key>(name: string): Table<V, K>
  /**
   * Runs `work` alone among all processes that have the file open.
   * @param work Must not wait, and must not throw after a write, because what it wrote would stay.
   * @returns What `work` returned, after the commit is on disk.
   * @throws DomainError `store_unavailable`; nothing was changed then.
   */
  transact<T>(work: () => T): Promise<T>
  /**
   * Commits the writes that `work` makes without reading, all in one step, unless the disk is almost full.
   * @returns When the commit is on disk.
   * @throws DomainError `store_unavailable`; nothing was changed then.
   */
  write(work: () => void): Promise<void>
  /** @returns What `work` reads of the newest commit of any process. @throws DomainError `store_unavailable`. */
  read<T>(work: () => T): T
  /** Copies the newest commit, without freed pages, to a file that must not exist. @throws Error of LMDB. */
  copyTo(path: string): Promise<void>
  /** Finishes what is under way. Everything fails with `store_unavailable` from then on. */
  close(): Promise<void>
}

/**
 * @param path The data file.
 * @param durable Whether a commit is answered only when it is on disk, or may be lost when the machine stops.
 * @param assertRoom Throws if the disk is too full to write more.
 * @throws Error of LMDB or the file system.
 */
export function openEnvironment(path: string, durable: boolean, assertRoom: () => void): Environment {
  prepareDataFile(path)
  const encoder = { useRecords: false }
  const root = open({
    path,
    noSubdir: true,
    // LMDB's own order, on disk first and then visible. The default of lmdb-js is the other way round, and a claim
    // whose sync failed would have happened all the same.
    overlappingSync: false,
    noSync: !durable,
    // With it, lmdb-js leaves a rejected promise of its own unhandled when a commit fails.
    eventTurnBatching: false,
    encoder,
  })

  return {
    table: (name) => root.openDB({ name, ...{ encoder } }),
    transact: async (work) => await attempt(() => root.transaction(work)).catch(rejectUnavailable),
    async write(work) {
      await attempt(() => {
        assertRoom()
        return root.batch(work)
      }).catch(rejectUnavailable)
    },
    read: (work) =>
      attempt(() => {
        root.resetReadTxn()
        return work()
      }),
    copyTo: (path) => root.backup(path, true),
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

/** lmdb-js tells the reason of a failed commit by a second promise, which must not be left unhandled. */
async function rejectUnavailable(failure: Error & { commitError?: Promise<never> }): Promise<never> {
  const reason = await failure.commitError?.catch((error: unknown) => error)
  throw unavailable(reason ?? failure)
}

function unavailable(cause: unknown): DomainError {
  return new DomainError('store_unavailable', { cause })
}

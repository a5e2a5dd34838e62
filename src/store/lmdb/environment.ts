import { type Database, type Key, open } from 'lmdb'
import { DomainError } from '../../errors.ts'
import { prepareDataFile } from './datafile.ts'

/** One named table of an LMDB file. */
export type Table<V, K extends Key> = Pick<Database<V, K>, 'get' | 'put' | 'remove' | 'getRange' | 'getKeys'>

/** One opened LMDB file. */
export interface Environment {
  /** Opens a named table. Only right after opening the file, because it waits for the write lock. @throws Error of LMDB. */
  table<V, K extends Key>(name: string): Table<V, K>
  /**
   * Runs `work` while no other process writes to the file.
   *
   * @param work Must be synchronous, and must not throw after a write, because what it wrote would stay.
   * @param options `adds`: whether it adds data, for which an almost full disk has no room.
   * @returns What `work` returned, once the commit is on disk.
   * @throws DomainError `store_unavailable`; nothing was changed then.
   */
  transact<T>(work: () => T, options?: { readonly adds: boolean }): Promise<T>
  /**
   * Commits the writes of `work`, which reads nothing, in one step, unless the disk is almost full. Settles when the
   * commit is on disk.
   *
   * @throws DomainError `store_unavailable`; nothing was changed then.
   */
  write(work: () => void): Promise<void>
  /** Returns what `work` reads from the newest commit of any process. @throws DomainError `store_unavailable`. */
  read<T>(work: () => T): T
  /** Copies the newest commit, without freed pages, to a new file. @throws Error of LMDB. */
  copyTo(path: string): Promise<void>
  /** Finishes what is under way. From then on each call fails with `store_unavailable`. */
  close(): Promise<void>
}

/** How to open an LMDB file. */
export interface EnvironmentOptions {
  /** Whether a commit is on disk before it is answered; otherwise it may be lost when the machine stops. */
  readonly durable: boolean
  /** Throws if the disk is too full to write more. */
  readonly assertFreeSpace: () => void
}

/**
 * Opens an LMDB file, which is created if it is missing.
 *
 * @throws Error of LMDB or the file system.
 */
export function openEnvironment(path: string, { durable, assertFreeSpace }: EnvironmentOptions): Environment {
  prepareDataFile(path)
  const encoder = { useRecords: false }
  const root = open({
    path,
    noSubdir: true,
    // LMDB's own order: first on disk, then visible. The default of lmdb-js is the reverse, and a claim whose sync
    // failed would have happened all the same.
    overlappingSync: false,
    noSync: !durable,
    // It makes lmdb-js leave a rejected promise of its own unhandled when a commit fails.
    eventTurnBatching: false,
    encoder,
  })

  return {
    table: (name) => root.openDB({ name, ...{ encoder } }),
    async transact(work, { adds } = { adds: false }) {
      return await attempt(() => {
        if (adds) assertFreeSpace()
        return root.transaction(work)
      }).catch(rejectUnavailable)
    },
    async write(work) {
      await attempt(() => {
        assertFreeSpace()
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

/** lmdb-js reports the reason of a failed commit in a second promise, which must not be left unhandled. */
async function rejectUnavailable(failure: Error & { commitError?: Promise<never> }): Promise<never> {
  const reason = await failure.commitError?.catch((error: unknown) => error)
  throw unavailable(reason ?? failure)
}

function unavailable(cause: unknown): DomainError {
  return new DomainError('store_unavailable', { cause })
}

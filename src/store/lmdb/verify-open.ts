import { setTimeout as sleep } from 'node:timers/promises'
import type { RootDatabase } from 'lmdb'
import { verifyFile } from './verify.ts'
import type { KeyRange } from './verify-tree.ts'

const ATTEMPTS = 3
const PAUSE_MS = 50

/**
 * Verifies an open LMDB file, while a read transaction keeps every page that it uses.
 *
 * @param tolerant The table in which damage may be confined to a few records.
 * @returns The keys of this table whose records are lost.
 * @throws Error when anything else is damaged, or a process with the same id uses the file; an LMDB or file system error.
 */
export async function verifyOpenFile(
  root: RootDatabase,
  path: string,
  tolerant: string,
): Promise<readonly KeyRange[]> {
  const snapshot = beginReading(root, path)
  try {
    for (let attempt = 1; ; attempt += 1) {
      const found = lostOrFault(path, tolerant)
      const isLast = attempt === ATTEMPTS
      if (!(found instanceof Error)) {
        if (isLast || found.length === 0) return found
      } else if (isLast) throw new Error(`${path} is damaged: ${found.message}`)
      // Another process may have been writing the first pages.
      await sleep(PAUSE_MS)
    }
  } finally {
    snapshot.done()
  }
}

function lostOrFault(path: string, tolerant: string): readonly KeyRange[] | Error {
  try {
    return verifyFile(path, tolerant)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/**
 * Begins the first read transaction, for which LMDB locks the process id in the lock file. lmdb-js tries for ten seconds.
 *
 * @throws Error when another process holds the lock: one with the same id, in a container of its own.
 */
function beginReading(root: RootDatabase, path: string) {
  try {
    return root.useReadTransaction()
  } catch (cause) {
    // lmdb-js has scheduled a reset of the transaction that it could not begin, and the second reset would end the process.
    try {
      root.resetReadTxn()
    } catch {}
    throw new Error(
      `${path} is in use by a process of another container with the same process id, ${process.pid}; LMDB tells processes apart by it, so run this command inside that container (docker compose exec), or when the other one has ended`,
      { cause },
    )
  }
}

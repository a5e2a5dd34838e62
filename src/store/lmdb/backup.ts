import { rmSync } from 'node:fs'
import type { Milliseconds } from '../../time.ts'
import { openEnvironment } from './environment.ts'
import { openTables, type Tables } from './tables.ts'
import { deleteSecrets } from './without-unread.ts'

/**
 * Copies a store to a new file, which remembers when that was: once restored, it has a backup of that time.
 *
 * @param unread What becomes of secrets that can still be revealed. Nothing remains in the file of those that are left out.
 * @throws DomainError `store_unavailable`; an LMDB or file system error.
 */
export async function copyAsBackup(
  { environment }: Tables,
  path: string,
  now: Milliseconds,
  unread: 'kept' | 'left out',
): Promise<void> {
  const remember = ({ environment: copy, backedUp }: Tables) =>
    copy.transact(() => void backedUp.put('backedUp', now))
  if (unread === 'kept') {
    await environment.copyTo(path)
    return changeCopy(path, remember)
  }
  const whole = `${path}.whole`
  try {
    await environment.copyTo(whole)
    await changeCopy(whole, async (tables) => {
      await remember(tables)
      await deleteSecrets(tables, now)
      // What was deleted is still in the file.
      await tables.environment.copyTo(path)
    })
  } finally {
    rmSync(whole, { force: true })
  }
}

/** Opens a copy that nothing else uses, for changes that its owner syncs. */
async function changeCopy(path: string, change: (tables: Tables) => Promise<void>): Promise<void> {
  try {
    const environment = await openEnvironment(path, { durable: false, assertFreeSpace: () => undefined })
    try {
      await change(openTables(environment))
    } finally {
      await environment.close()
    }
  } finally {
    rmSync(`${path}-lock`, { force: true })
  }
}

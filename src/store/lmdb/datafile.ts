import { closeSync, existsSync, fstatSync, openSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { readNewestMeta } from './meta.ts'

const PAUSE_MS = 20
const CREATION_MS = 5000

/**
 * Verifies that LMDB can open a file, because a damaged one makes LMDB kill the process with a signal. Creates a missing file
 * and its lock file, empty and accessible only to the owner.
 *
 * @throws Error when the file is damaged, or empty although nobody is creating it; a file system error.
 */
export async function prepareDataFile(path: string): Promise<void> {
  closeSync(openSync(`${path}-lock`, 'a', 0o600))
  if (!existsSync(path) && create(path)) return
  // For writing, which a folder rejects.
  const file = openSync(path, 'r+')
  try {
    await waitForContent(file, path)
    if (readNewestMeta(file) === undefined) throw new Error(`${path} is damaged or not an LMDB file`)
  } finally {
    closeSync(file)
  }
}

/** Creates a file for LMDB to fill at once. Returns whether this process created it, and not another one. */
function create(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx', 0o600))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

// An empty file is either about to be filled by another process, or what is left of one that was not empty.
async function waitForContent(file: number, path: string): Promise<void> {
  const deadline = performance.now() + CREATION_MS
  while (fstatSync(file).size === 0) {
    if (performance.now() > deadline)
      throw new Error(
        `${path} is damaged: it is empty; restore it, or delete it if nothing was ever stored there`,
      )
    await sleep(PAUSE_MS)
  }
}

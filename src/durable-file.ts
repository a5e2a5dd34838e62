import { closeSync, fsyncSync, openSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Flushes a file, or the entries of a folder, to disk so that it survives a crash of the machine.
 *
 * @throws A file system error.
 */
export function syncToDisk(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/**
 * Renames a finished draft over a file, atomically and durably: a crash leaves the old file or the new one, never a part
 * of it.
 *
 * @param draft A file in the same folder as `path`.
 * @throws A file system error.
 */
export function replaceFile(draft: string, path: string): void {
  syncToDisk(draft)
  renameSync(draft, path)
  syncToDisk(dirname(path))
}

/**
 * Gives a finished draft a name that no file has, atomically and durably. Of several drafts for one name, one gets it.
 *
 * @param draft A file in the same file system as `path`.
 * @returns False when there is a file with that name, which stays as it is.
 * @throws A file system error.
 */
export function publishFile(draft: string, path: string): boolean {
  // It may take long, in which an empty file would have the name.
  syncToDisk(draft)
  try {
    // Renaming alone would replace it, and FAT has no hard links.
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
  replaceFile(draft, path)
  return true
}

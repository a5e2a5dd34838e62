import { closeSync, fsyncSync, openSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes the content of a file, or the names in a folder, survive a crash of the machine.
 *
 * @throws Error of the file system.
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
 * Gives a finished draft its name, in place of any file that has it. A crash leaves the old file or the new one,
 * never a part of it.
 *
 * @param draft A file in the folder of `path`.
 * @throws Error of the file system.
 */
export function replaceFile(draft: string, path: string): void {
  syncToDisk(draft)
  renameSync(draft, path)
  syncToDisk(dirname(path))
}

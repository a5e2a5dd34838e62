import { mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Creates a folder, and those above it that are missing, accessible only to the owner. Unlike `mkdirSync` with `recursive`, it
 * fails at once where a file system takes no folders, such as below `/proc`: Node.js would try forever.
 *
 * @throws A file system error: `ENOENT` for a folder in one that exists, `EEXIST` for a file or a link to nothing.
 */
export function createPrivateFolder(folder: string): void {
  const path = resolve(folder)
  try {
    create(path)
  } catch (error) {
    const parent = dirname(path)
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || isFolder(parent)) throw error
    createPrivateFolder(parent)
    create(path)
  }
}

function create(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Which error the system prefers for a folder that exists depends on the system.
    if (!isFolder(path)) throw error
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

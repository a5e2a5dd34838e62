import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { readRootKeyFile } from '../crypto/root-key-file.ts'
import { assertNothingLost } from '../store/lmdb/folder.ts'
import { fileSystemWarnings, folderWarnings } from '../store/lmdb/warnings.ts'
import { rootKeyPath } from './backend.ts'
import { explainFolderError } from './data-folder-error.ts'
import { findLinkToNothing, findNearest, isInKernel } from './nearest-path.ts'

const { R_OK, W_OK, X_OK } = constants

/** What is noticed about a folder in which the first start would create a store. */
export interface NewDataFolder {
  /** Ways in which it would lose or expose data, one line each. */
  readonly warnings: readonly string[]
  /** The folder above it, if that is missing too, as it is when a disk is not mounted. */
  readonly missingParent: string | undefined
}

/**
 * Finds out whether the first start could create a store in a folder that has none. Creates nothing.
 *
 * @throws Error that explains what is wrong with the folder, or that it holds a part of a store.
 */
export async function inspectNewDataFolder(dataDir: string): Promise<NewDataFolder> {
  const folder = resolve(dataDir)
  try {
    assertCreatable(folder)
    const keys = rootKeyPath(folder)
    assertNothingLost(folder, { hasKeys: existsSync(keys) })
    if (existsSync(keys)) readRootKeyFile(keys)
    if (existsSync(folder)) return { warnings: await folderWarnings(folder), missingParent: undefined }
    const { type } = statfsSync(findNearest(folder))
    const parent = dirname(folder)
    return {
      warnings: fileSystemWarnings(folder, type),
      missingParent: existsSync(parent) ? undefined : parent,
    }
  } catch (error) {
    throw explainFolderError(error, dataDir)
  }
}

function assertCreatable(folder: string): void {
  const nearest = findNearest(folder)
  if (!statSync(nearest).isDirectory()) throw fileSystemError('ENOTDIR')
  const isBlocked = findLinkToNothing(folder) !== undefined || isInKernel(folder)
  if (nearest !== folder && isBlocked) throw fileSystemError('ENOENT')
  accessSync(nearest, nearest === folder ? R_OK | W_OK | X_OK : W_OK | X_OK)
}

function fileSystemError(code: string): Error {
  return Object.assign(new Error(code), { code })
}

import { accessSync, constants, readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const { R_OK, W_OK, X_OK } = constants

/**
 * Explains an error of the data folder: that it is no folder, or, if access is denied, whose the folder or file is, who this
 * process is, and the command that mends it. The usual cause is a folder of the host that is mounted into a container and
 * belongs to root.
 *
 * @param error What was thrown, with the error of the system as it is or as a cause.
 * @returns The explanation, or the same error if it has another cause.
 */
export function explainFolderError(error: unknown, dataDir: string): unknown {
  const { geteuid: user, getegid: group } = process
  if (hasCode(error, ['EEXIST', 'ENOTDIR']))
    return new Error(`DATA_DIR: ${resolve(dataDir)} is a file, or below one; it has to be a folder`, {
      cause: error,
    })
  if (!hasCode(error, ['EACCES', 'EPERM']) || user === undefined || group === undefined) return error
  const folder = resolve(dataDir)
  const path = findDenied(folder)
  const us = `${user()}:${group()}`
  const command = `${exists(folder) ? '' : `mkdir -p ${folder} && `}chown -R ${us} ${folder}`
  return new Error(
    `DATA_DIR: ${path} belongs to user and group ${describeOwner(path)}, and this process is ${us}: run \`${command}\` as root; for a folder of the host that is mounted into a container, run it on the host, with the path that the folder has there`,
    { cause: error },
  )
}

function hasCode(error: unknown, codes: readonly string[]): boolean {
  if (!(error instanceof Error)) return false
  const { code = '' } = error as NodeJS.ErrnoException
  return codes.includes(code) || hasCode(error.cause, codes)
}

/** Finds the folder or file in the way: the data folder, the nearest one above it that exists, or a file in it. */
function findDenied(folder: string): string {
  if (!exists(folder)) return findDenied(dirname(folder))
  if (!permits(folder, R_OK | W_OK | X_OK)) return folder
  const files = readdirSync(folder).map((name) => join(folder, name))
  return files.find((file) => !permits(file, R_OK | W_OK)) ?? folder
}

// A file in a folder that must not be searched may exist; the folder is in the way then.
function exists(path: string): boolean {
  try {
    statSync(path)
    return true
  } catch {
    return path === dirname(path)
  }
}

function permits(path: string, access: number): boolean {
  try {
    accessSync(path, access)
    return true
  } catch {
    return false
  }
}

function describeOwner(path: string): string {
  const { uid, gid, mode } = statSync(path)
  return `${uid}:${gid} with mode ${(mode & 0o7777).toString(8)}`
}

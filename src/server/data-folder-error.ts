import { accessSync, constants, readdirSync, readlinkSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { exists, findLinkToNothing, findNearest, isInKernel } from './nearest-path.ts'

const { R_OK, W_OK, X_OK } = constants

/**
 * Explains an error of the data folder and names what mends it: that it is no folder, is on a read-only file system or on one
 * that takes no folders, or, if access is denied, whose the folder or file is and who this process is. The usual cause is a
 * volume that is missing, or a folder of the host that is mounted into a container and belongs to root.
 *
 * @param error What was thrown, with the error of the system as it is or as a cause.
 * @returns The explanation, or the same error if it has another cause.
 */
export function explainFolderError(error: unknown, dataDir: string): unknown {
  const reason = findReason(error, resolve(dataDir))
  return reason === undefined ? error : new Error(`DATA_DIR: ${reason}`, { cause: error })
}

function findReason(error: unknown, folder: string): string | undefined {
  const link = findLinkToNothing(folder)
  if (hasCode(error, ['EEXIST', 'ENOENT', 'ENOTDIR']) && link !== undefined)
    return `${link} is a link to ${readlinkSync(link)}, which does not exist: mount the volume that it leads to, or create that folder`
  if (hasCode(error, ['EEXIST', 'ENOTDIR'])) return describeFile(findNearest(folder), folder)
  if (!exists(folder) && (hasCode(error, ['ENOENT']) || isInKernel(folder)))
    return `${folder} cannot be created: the file system of ${findNearest(folder)} takes no folders; name a folder on a disk`
  if (hasCode(error, ['EROFS']))
    return `${findNearest(folder)} is on a read-only file system: mount a volume at ${folder}, and not as read-only; under systemd, name it in StateDirectory or ReadWritePaths`
  return hasCode(error, ['EACCES', 'EPERM']) ? findOwner(folder) : undefined
}

function describeFile(file: string, folder: string): string {
  return file === folder
    ? `${file} is a file; it has to be a folder: name another one, or move the file away`
    : `${file} is a file, and ${folder} cannot be below it: name another folder`
}

function findOwner(folder: string): string | undefined {
  const { geteuid: user, getegid: group } = process
  if (user === undefined || group === undefined) return undefined
  const path = findDenied(folder)
  const us = `${user()}:${group()}`
  const owner = `${path} belongs to user and group ${describeOwner(path)}`
  if (lacksMode(path, user()))
    return `${owner}, which is this process, but the mode denies access: run \`chmod -R u+rwX ${path}\``
  if (statSync(path).uid === user())
    return `${owner}, which is this process, and yet access is denied, as SELinux and AppArmor do: with SELinux, mount the folder with the option \`Z\``
  const command = `${exists(folder) ? '' : `mkdir -p ${folder} && `}chown -R ${us} ${folder}`
  return `${owner}, and this process is ${us}: run \`${command}\` as root; for a folder of the host that is mounted into a container, run it on the host, with the path that the folder has there; in Kubernetes, set \`fsGroup: ${group()}\` for the pod instead`
}

function hasCode(error: unknown, codes: readonly string[]): boolean {
  if (!(error instanceof Error)) return false
  const { code = '' } = error as NodeJS.ErrnoException
  return codes.includes(code) || hasCode(error.cause, codes)
}

/** Finds the folder or file in the way: the data folder, the nearest one above it that exists, or a file in it. */
function findDenied(folder: string): string {
  const nearest = findNearest(folder)
  if (nearest !== folder || !permits(folder, R_OK | W_OK | X_OK)) return nearest
  const files = readdirSync(folder).map((name) => join(folder, name))
  return files.find((file) => !permits(file, R_OK | W_OK)) ?? folder
}

/** Tells whether a path is the user's own, without the mode that access takes. */
function lacksMode(path: string, user: number): boolean {
  const status = statSync(path)
  const needed = R_OK | W_OK | (status.isDirectory() ? X_OK : 0)
  return status.uid === user && ((status.mode >> 6) & needed) !== needed
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

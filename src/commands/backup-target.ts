import { accessSync, constants, existsSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { findLinkToNothing } from '../server/nearest-path.ts'
import { CommandError } from './errors.ts'

const { W_OK, X_OK } = constants

/** Where a backup is written. */
export type BackupTarget =
  | { readonly kind: 'output' }
  | { readonly kind: 'archive'; readonly path: string; readonly parent: string }
  | { readonly kind: 'folder'; readonly path: string }

/** The ends of names by which people ask for an archive of another kind, or an encrypted one. */
const OTHER_ARCHIVE = /\.(tar\.[a-z0-9]+|t[gbx]z2?|tzst|taz|gz|bz2|xz|zst|lz4|zip|7z|rar|age|gpg)$/i

/**
 * Decides from its name where a backup is written. Creates nothing.
 *
 * @param target An empty or new folder, a new file that ends in `.tar`, or `-` for standard output.
 * @param dataDir The folder that is backed up.
 * @throws CommandError when the target does not fit: it exists, its folder does not or must not be written to, it is inside the
 *   data folder, or it names an archive of another kind; a file system error.
 */
export function chooseTarget(target: string, dataDir: string): BackupTarget {
  if (target === '-') {
    if (process.stdout.isTTY)
      throw new CommandError('standard output is a terminal: redirect it to a file or a program')
    return { kind: 'output' }
  }
  const [, end] = OTHER_ARCHIVE.exec(target) ?? []
  if (end !== undefined)
    throw new CommandError(
      `${target} would not be a .${end}: name a file that ends in .tar, or compress standard output, as in \`emberlink backup - | gzip > backup.tar.gz\``,
    )
  try {
    return chooseFile(target, dataDir)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    if (!['EACCES', 'EPERM', 'EROFS'].includes(code)) throw error
    throw new CommandError(
      `${target} cannot be written: ${message}: let user ${process.geteuid?.()} write there, by \`chown\` or a mount that is not read-only, or name another place`,
    )
  }
}

function chooseFile(target: string, dataDir: string): BackupTarget {
  const path = resolve(target)
  const parent = dirname(path)
  assertParent(target, parent)
  const link = findLinkToNothing(path)
  if (link !== undefined)
    throw new CommandError(
      `${target} is a link to ${readlinkSync(link)}, which does not exist: mount the disk that it leads to, or name another target`,
    )
  assertOutside(target, path, dataDir)
  const status = statSync(path, { throwIfNoEntry: false })
  if (/\.tar$/i.test(target)) {
    if (status !== undefined) throw new CommandError(`${target} exists already: name a new file`)
    accessSync(parent, W_OK | X_OK)
    return { kind: 'archive', path, parent }
  }
  if (status !== undefined && !status.isDirectory())
    throw new CommandError(
      `${target} is a file: name an empty or new folder, a new file that ends in .tar, or - for standard output`,
    )
  accessSync(status === undefined ? parent : path, W_OK | X_OK)
  return { kind: 'folder', path: target }
}

// Creating it would fill the disk below a disk that is not mounted.
function assertParent(target: string, parent: string): void {
  const status = statSync(parent, { throwIfNoEntry: false })
  if (status === undefined)
    throw new CommandError(
      `${target} cannot be created, because there is no folder ${parent}: mount its disk, or create it with \`mkdir -p ${parent}\``,
    )
  if (!status.isDirectory())
    throw new CommandError(`${target} cannot be created, because ${parent} is not a folder`)
}

function assertOutside(target: string, path: string, dataDir: string): void {
  const real = existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path))
  const way = relative(realpathSync(dataDir), real)
  if (way === '..' || way.startsWith('../')) return
  throw new CommandError(
    `${target} is ${way === '' ? '' : 'inside '}the data folder: name a place outside ${dataDir}, better on another disk`,
  )
}

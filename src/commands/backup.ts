import { chmodSync, copyFileSync, createWriteStream, existsSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { readConfig } from '../config/environment.ts'
import { replaceFile } from '../durable-file.ts'
import { rootKeyPath } from '../server/backend.ts'
import { DURABLE_NAME } from '../store/lmdb/folder.ts'
import { openLmdbStore } from '../store/lmdb/open.ts'
import { createPrivateFolder } from '../store/lmdb/private-folder.ts'
import { CommandError, UsageError } from './errors.ts'
import { assertHoldsData } from './existing-data.ts'
import { writeTar } from './tar.ts'
import { inTemporaryFolder } from './temporary-folder.ts'

/** What the archive of a backup holds, beside `secrets.mdb`. */
const ROOT_KEY_NAME = 'root.key'

/** The options of `backup`. */
interface BackupOptions {
  readonly 'without-unread'?: boolean | undefined
}

/**
 * Copies the embedded store and its root keys, while servers may be running.
 *
 * @param target An empty or new folder, a new file that ends in `.tar`, or `-` for standard output.
 * @throws CommandError when there is no embedded store to copy, or the target does not fit; ConfigError; DomainError
 *   `store_unavailable`; an Error that explains what is wrong with the target.
 */
export async function backup(target: string, options: BackupOptions): Promise<number> {
  if (target === '') throw new UsageError('TARGET is empty')
  const { redisUrl, dataDir } = readConfig()
  if (redisUrl !== undefined) throw new CommandError('backup copies the embedded store, but REDIS_URL is set')
  assertHoldsData({ redisUrl, dataDir })
  const fill = (folder: string) => fillFolder(dataDir, folder, options)

  if (target === '-') return writeToStandardOutput(fill)
  if (target.endsWith('.tar')) return writeFile(target, fill)
  if (statSync(target, { throwIfNoEntry: false })?.isFile())
    throw new CommandError(
      `${target} is a file: name an empty or new folder, a new file that ends in .tar, or - for standard output`,
    )
  process.stdout.write(`copied to ${target}, ${describe(await fill(target))}\n`)
  return 0
}

/** Returns whether the root keys were copied too. */
type Fill = (folder: string) => Promise<boolean>

async function fillFolder(dataDir: string, folder: string, options: BackupOptions): Promise<boolean> {
  const store = await openLmdbStore(dataDir)
  try {
    await store.backUp(folder, { unread: options['without-unread'] ? 'left out' : 'kept' })
  } finally {
    await store.close()
  }
  return copyRootKeys(rootKeyPath(dataDir), rootKeyPath(folder))
}

function copyRootKeys(from: string, to: string): boolean {
  if (!existsSync(from)) return false
  const draft = `${to}.part`
  copyFileSync(from, draft)
  chmodSync(draft, 0o600)
  replaceFile(draft, to)
  return true
}

async function writeFile(path: string, fill: Fill): Promise<number> {
  if (existsSync(path)) throw new CommandError(`${path} exists already: name a new file`)
  const parent = dirname(resolve(path))
  createPrivateFolder(parent)
  const advice = 'the folder of the file needs room for two copies of the data'
  await inTemporaryFolder({ parent, advice }, async (temporary) => {
    const draft = join(temporary, 'draft')
    const { archive, withKeys } = await copyAsArchive(temporary, fill)
    await pipeline(archive, createWriteStream(draft, { mode: 0o600 }))
    replaceFile(draft, resolve(path))
    process.stdout.write(`copied to ${path}, ${describe(withKeys)}\n`)
  })
  return 0
}

async function writeToStandardOutput(fill: Fill): Promise<number> {
  if (process.stdout.isTTY)
    throw new CommandError('standard output is a terminal: redirect it to a file or a program')
  const advice = 'TMPDIR names a folder with room for a copy of the data'
  await inTemporaryFolder({ parent: tmpdir(), advice }, async (temporary) => {
    const { archive, withKeys } = await copyAsArchive(temporary, fill)
    await pipeline(archive, process.stdout, { end: false }).catch((error: NodeJS.ErrnoException) => {
      throw new CommandError(`standard output ended before the backup was complete: ${error.message}`)
    })
    process.stderr.write(`copied to standard output, ${describe(withKeys)}\n`)
  })
  return 0
}

async function copyAsArchive(temporary: string, fill: Fill) {
  const folder = join(temporary, 'copy')
  const withKeys = await fill(folder)
  const names = withKeys ? [DURABLE_NAME, ROOT_KEY_NAME] : [DURABLE_NAME]
  return { archive: writeTar(folder, names, Math.floor(Date.now() / 1000)), withKeys }
}

function describe(withKeys: boolean): string {
  return `${withKeys ? 'with' : 'without'} the root keys`
}

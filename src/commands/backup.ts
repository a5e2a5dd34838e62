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
  const write = chooseWriter(target)
  const store = await openLmdbStore(dataDir)
  try {
    await write(async (folder) => {
      await store.backUp(folder, { unread: options['without-unread'] ? 'left out' : 'kept' })
      return copyRootKeys(rootKeyPath(dataDir), rootKeyPath(folder))
    })
    await store.recordBackup()
  } finally {
    await store.close()
  }
  return 0
}

/** Fills a folder. Returns whether the root keys were copied too. */
type Fill = (folder: string) => Promise<boolean>

/** Checks the target. Returns what writes to it and says so. */
function chooseWriter(target: string): (fill: Fill) => Promise<void> {
  if (target === '-') {
    if (process.stdout.isTTY)
      throw new CommandError('standard output is a terminal: redirect it to a file or a program')
    return writeToStandardOutput
  }
  const status = statSync(target, { throwIfNoEntry: false })
  if (target.endsWith('.tar')) {
    if (status !== undefined) throw new CommandError(`${target} exists already: name a new file`)
    return (fill) => writeFile(target, fill)
  }
  if (status?.isFile())
    throw new CommandError(
      `${target} is a file: name an empty or new folder, a new file that ends in .tar, or - for standard output`,
    )
  return async (fill) => {
    process.stdout.write(`copied to ${target}, ${describe(await fill(target))}\n`)
  }
}

function copyRootKeys(from: string, to: string): boolean {
  if (!existsSync(from)) return false
  const draft = `${to}.part`
  copyFileSync(from, draft)
  chmodSync(draft, 0o600)
  replaceFile(draft, to)
  return true
}

async function writeFile(path: string, fill: Fill): Promise<void> {
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
}

async function writeToStandardOutput(fill: Fill): Promise<void> {
  const advice = 'TMPDIR names a folder with room for a copy of the data'
  await inTemporaryFolder({ parent: tmpdir(), advice }, async (temporary) => {
    const { archive, withKeys } = await copyAsArchive(temporary, fill)
    await pipeline(archive, process.stdout, { end: false }).catch((error: NodeJS.ErrnoException) => {
      throw new CommandError(`standard output ended before the backup was complete: ${error.message}`)
    })
    process.stderr.write(`copied to standard output, ${describe(withKeys)}\n`)
  })
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

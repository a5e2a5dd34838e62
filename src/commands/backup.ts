import { chmodSync, copyFileSync, createWriteStream, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { readConfig } from '../config/environment.ts'
import { publishFile, replaceFile } from '../durable-file.ts'
import { ROOT_KEY_NAME, rootKeyPath } from '../server/backend.ts'
import { explainFolderError } from '../server/data-folder-error.ts'
import { DURABLE_NAME, SUMS_NAME } from '../store/lmdb/folder.ts'
import { openLmdbStore } from '../store/lmdb/open.ts'
import { writeSums } from './backup-sums.ts'
import { type BackupTarget, chooseTarget } from './backup-target.ts'
import { CommandError, UsageError } from './errors.ts'
import { assertHoldsData } from './existing-data.ts'
import { writeTar } from './tar.ts'
import { inTemporaryFolder } from './temporary-folder.ts'

/** The options of `backup`. */
interface BackupOptions {
  readonly 'without-unread'?: boolean | undefined
}

/**
 * Copies the embedded store and its root keys, while servers may be running.
 *
 * @param name Of an empty or new folder, of a new file that ends in `.tar`, or `-` for standard output.
 * @throws CommandError when there is no embedded store to copy, or the target does not fit; ConfigError; DomainError
 *   `store_unavailable`; an Error that explains what is wrong with the target.
 */
export async function backup(name: string, options: BackupOptions): Promise<number> {
  if (name === '') throw new UsageError('TARGET is empty')
  const { redisUrl, dataDir } = readConfig()
  if (redisUrl !== undefined)
    throw new CommandError(
      'backup copies the embedded store, but REDIS_URL is set: back Redis up by its own means, as in docs/backup.md, "Redis"',
    )
  assertHoldsData({ redisUrl, dataDir })
  const write = chooseWriter(name, chooseTarget(name, dataDir))
  const store = await openLmdbStore(dataDir).catch((error: unknown) => {
    throw explainFolderError(error, dataDir)
  })
  try {
    await write(async (folder) => {
      let withKeys = false
      await store.backUp(folder, {
        unread: options['without-unread'] ? 'left out' : 'kept',
        async beside() {
          withKeys = copyRootKeys(rootKeyPath(dataDir), rootKeyPath(folder))
          await writeSums(folder, namesOf(withKeys))
        },
      })
      return withKeys
    })
    await store.recordBackup()
  } finally {
    await store.close()
  }
  return 0
}

/** Fills a folder. Returns whether the root keys were copied too. */
type Fill = (folder: string) => Promise<boolean>

/** Returns what writes to the target and says so. */
function chooseWriter(name: string, target: BackupTarget): (fill: Fill) => Promise<void> {
  if (target.kind === 'output') return writeToStandardOutput
  if (target.kind === 'archive') return (fill) => writeFile(name, target, fill)
  return async (fill) => {
    process.stdout.write(`copied to ${name}, ${describe(await fill(target.path))}\n`)
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

async function writeFile(
  name: string,
  { path, parent }: Extract<BackupTarget, { kind: 'archive' }>,
  fill: Fill,
): Promise<void> {
  const advice = 'the folder of the file needs room for two copies of the data'
  await inTemporaryFolder({ parent, advice }, async (temporary) => {
    const draft = join(temporary, 'draft')
    const { archive, withKeys } = await copyAsArchive(temporary, fill)
    await pipeline(archive, createWriteStream(draft, { mode: 0o600 }))
    // Another backup may have written it meanwhile.
    if (!publishFile(draft, path)) throw new CommandError(`${name} exists already: name a new file`)
    process.stdout.write(`copied to ${name}, ${describe(withKeys)}\n`)
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
  const names = [...namesOf(withKeys), SUMS_NAME]
  return { archive: writeTar(folder, names, Math.floor(Date.now() / 1000)), withKeys }
}

function namesOf(withKeys: boolean): string[] {
  return withKeys ? [DURABLE_NAME, ROOT_KEY_NAME] : [DURABLE_NAME]
}

function describe(withKeys: boolean): string {
  return `${withKeys ? 'with' : 'without'} the root keys`
}

import { accessSync, constants, createReadStream, existsSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { readConfig } from '../config/environment.ts'
import { createKeyRing } from '../crypto/key-ring.ts'
import { readRootKeyFile } from '../crypto/root-key-file.ts'
import { ROOT_KEY_NAME, rootKeyPath } from '../server/backend.ts'
import { assertFinished, DURABLE_NAME, holdsData, SUMS_NAME } from '../store/lmdb/folder.ts'
import { inspectFile } from '../store/lmdb/inspect.ts'
import { milliseconds } from '../time.ts'
import { compareSums } from './backup-sums.ts'
import { counted } from './counted.ts'
import { CommandError, UsageError } from './errors.ts'
import { describeRootKeys } from './root-keys.ts'
import { extractTar } from './tar.ts'
import { inTemporaryFolder } from './temporary-folder.ts'

const ADVICE = 'TMPDIR names a folder with room for a copy of the data'

/**
 * Reads a backup to its end, checks that its data is sound and that the root keys in it, or else those of `ROOT_KEY`, open what
 * the newest one sealed, and says whether they open the rest. Changes nothing.
 *
 * @param source A folder, a tar archive, or `-` for one on standard input.
 * @throws CommandError when it is no backup, is damaged, lacks its root keys, or must not be read; ConfigError; a file system error.
 */
export async function verifyBackup(source: string): Promise<number> {
  if (source === '') throw new UsageError('BACKUP is empty')
  const { rootKeys } = readConfig()
  return inTemporaryFolder({ parent: tmpdir(), advice: ADVICE }, (temporary) =>
    verify(source, temporary, rootKeys),
  ).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EACCES' && error.code !== 'EPERM') throw error
    throw new CommandError(
      `${source} cannot be read: ${error.message}: run this as the user who owns the backup, or let this one read it with \`chown\` or \`chmod\``,
    )
  })
}

async function verify(
  source: string,
  temporary: string,
  rootKeys: readonly Buffer[] | undefined,
): Promise<number> {
  const folder = isFolder(source) ? linkData(source, temporary) : await extract(source, temporary)
  const { hasSums, unread, receipts, accounts, roots } = await inspect(folder, temporary).catch(
    (error: Error) => {
      if ('syscall' in error) throw error
      throw new CommandError(`the data in ${source} is damaged: ${error.message}`)
    },
  )
  process.stdout.write(
    `data: sound, with ${counted(unread, 'unread secret')}, ${counted(receipts, 'receipt')} and ${counted(accounts, 'account')}\n`,
  )
  if (!hasSums)
    process.stdout.write(
      'sums: none, as in backups of earlier versions: pages and records were checked, which does not find every changed bit\n',
    )
  const hasKeys = existsSync(rootKeyPath(folder))
  const keys = hasKeys ? readRootKeyFile(rootKeyPath(folder)) : rootKeys
  if (keys === undefined)
    throw new CommandError(`${source} has no root keys: set ROOT_KEY to those of its server to check them`)
  const where = hasKeys ? 'in the backup' : 'in ROOT_KEY'
  const { ids, find } = createKeyRing(keys)
  const [newest] = roots
  if (newest !== undefined && !find(newest.id)?.check.equals(newest.check))
    throw new CommandError(
      `the root keys ${where} do not open what the store holds: the root key ${newest.id}, which sealed last, is missing`,
    )
  process.stdout.write(`root keys: ${where}, ${describeRootKeys(roots, ids)}\n`)
  return 0
}

async function inspect(folder: string, temporary: string) {
  const hasSums = await compareSums(folder)
  return { hasSums, ...(await inspectFile(join(temporary, DURABLE_NAME), milliseconds(Date.now()))) }
}

function isFolder(source: string): boolean {
  if (source === '-') return false
  const status = statSync(source, { throwIfNoEntry: false })
  if (status === undefined) throw new CommandError(`${source} does not exist`)
  return status.isDirectory()
}

/** Links the data into a folder of ours, because LMDB writes a lock file beside it. Returns the folder with the root keys. */
function linkData(source: string, temporary: string): string {
  // A folder that must not be searched would seem to be empty.
  accessSync(source, constants.R_OK | constants.X_OK)
  assertFinished(source)
  if (!holdsData(source)) throw new CommandError(`${source} is no backup: it has no ${DURABLE_NAME}`)
  if (existsSync(join(source, `${DURABLE_NAME}-lock`)))
    throw new CommandError(`${source} is the data folder of a server, not a backup: see "emberlink check"`)
  symlinkSync(resolve(source, DURABLE_NAME), join(temporary, DURABLE_NAME))
  return source
}

async function extract(source: string, temporary: string): Promise<string> {
  const input: AsyncIterable<Buffer> = source === '-' ? process.stdin : createReadStream(source)
  const name = source === '-' ? 'standard input' : source
  const found = await extractTar(input, temporary, [DURABLE_NAME, ROOT_KEY_NAME, SUMS_NAME]).catch(
    (error: Error) => {
      if ('code' in error) throw error
      throw new CommandError(`${name} is no whole backup: ${error.message}`)
    },
  )
  if (!found.includes(DURABLE_NAME)) throw new CommandError(`${name} is no backup: it has no ${DURABLE_NAME}`)
  return temporary
}

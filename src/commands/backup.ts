import { chmodSync, copyFileSync, existsSync } from 'node:fs'
import { readConfig } from '../config/environment.ts'
import { replaceFile } from '../durable-file.ts'
import { rootKeyPath } from '../server/backend.ts'
import { openLmdbStore } from '../store/lmdb/open.ts'
import { CommandError, UsageError } from './errors.ts'
import { assertHoldsData } from './existing-data.ts'

/**
 * Copies the embedded store and its root keys to an empty folder, while servers may be running.
 *
 * @throws CommandError when there is no embedded store to copy; ConfigError; DomainError `store_unavailable`; an Error
 *   that explains what is wrong with the folder.
 */
export async function backup(folder: string): Promise<number> {
  if (folder === '') throw new UsageError('FOLDER is empty')
  const { redisUrl, dataDir } = readConfig()
  if (redisUrl !== undefined) throw new CommandError('backup copies the embedded store, but REDIS_URL is set')
  assertHoldsData({ redisUrl, dataDir })

  const store = await openLmdbStore(dataDir)
  try {
    await store.backUp(folder)
  } finally {
    await store.close()
  }
  const withKeys = copyRootKeys(rootKeyPath(dataDir), rootKeyPath(folder))
  process.stdout.write(`copied to ${folder}, ${withKeys ? 'with' : 'without'} the root keys\n`)
  return 0
}

function copyRootKeys(from: string, to: string): boolean {
  if (!existsSync(from)) return false
  const draft = `${to}.part`
  copyFileSync(from, draft)
  chmodSync(draft, 0o600)
  replaceFile(draft, to)
  return true
}

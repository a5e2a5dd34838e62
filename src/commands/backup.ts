import { chmodSync, copyFileSync, existsSync } from 'node:fs'
import { readConfig } from '../config/environment.ts'
import { rootKeyPath } from '../server/backend.ts'
import { holdsData, sync } from '../store/lmdb/folder.ts'
import { openLmdbStore } from '../store/lmdb/open.ts'

/**
 * Copies the embedded store and its root keys to an empty folder, while servers use it.
 * @param args The folder.
 * @returns The exit status: 0 when done, 1 when there is nothing of that kind to copy, 2 for a wrong call.
 * @throws ConfigError, DomainError `store_unavailable`, or an Error that says what is wrong with the folder.
 */
export async function backup(args: readonly string[]): Promise<number> {
  const [folder, ...rest] = args
  if (folder === undefined || folder === '' || folder.startsWith('-') || rest.length > 0) {
    process.stderr.write('usage: emberlink backup FOLDER\n')
    return 2
  }
  const { redisUrl, dataDir } = readConfig()
  if (redisUrl !== undefined) return refuse('this copies the embedded store, and REDIS_URL is set')
  if (!holdsData(dataDir)) return refuse(`there is nothing in ${dataDir}`)

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
  copyFileSync(from, to)
  chmodSync(to, 0o600)
  sync(to)
  return true
}

function refuse(reason: string): number {
  process.stderr.write(`emberlink: ${reason}\n`)
  return 1
}

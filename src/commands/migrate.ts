import { existsSync } from 'node:fs'
import { readConfig } from '../config/environment.ts'
import { createKeyRing } from '../crypto/key-ring.ts'
import { readRootKeyFile } from '../crypto/root-key-file.ts'
import { rootKeyPath } from '../server/backend.ts'
import { copyInto } from '../store/lmdb/folder.ts'
import { migrate as copy, isEmpty } from '../store/migrate.ts'
import { openStore } from '../store/open.ts'
import { milliseconds } from '../time.ts'
import { counted } from './counted.ts'
import { CommandError, UsageError } from './errors.ts'
import { assertHoldsData } from './existing-data.ts'

/**
 * Copies everything from one store to the other, which must be empty. No server may use either of them meanwhile.
 *
 * @param target `redis` or `folder`.
 * @throws UsageError when the target is neither; CommandError when the settings or stores do not allow the copy;
 *   ConfigError; DomainError `store_unavailable`; an Error when the root key file is damaged.
 */
export async function migrate(target: string): Promise<number> {
  if (target !== 'redis' && target !== 'folder') throw new UsageError('--to must be redis or folder')
  const config = readConfig()
  const { redisUrl, dataDir, rootKeys } = config
  if (redisUrl === undefined || rootKeys === undefined)
    throw new CommandError('REDIS_URL and ROOT_KEY must be set')
  if (target === 'redis') assertHoldsData({ redisUrl: undefined, dataDir })
  const path = rootKeyPath(dataDir)
  if (existsSync(path)) {
    const stored = readRootKeyFile(path)
    const [opening, sealing] = target === 'redis' ? [rootKeys, stored] : [stored, rootKeys]
    if (!includesAll(opening, sealing))
      throw new CommandError(
        `ROOT_KEY and ${path} must contain the same keys, or the copies could not be opened`,
      )
  }

  const redis = await openStore(config)
  try {
    const folder = await openStore({ redisUrl: undefined, dataDir })
    try {
      const [from, to] = target === 'redis' ? [folder, redis] : [redis, folder]
      if (!(await isEmpty(to))) throw new CommandError('the target store is not empty')
      const copyAll = () => copy(from, to, milliseconds(Date.now()))
      const { secrets, accounts } = await (target === 'folder' ? copyInto(dataDir, copyAll) : copyAll())
      process.stdout.write(`copied ${counted(secrets, 'secret')} and ${counted(accounts, 'account')}\n`)
      return 0
    } finally {
      await folder.close()
    }
  } finally {
    await redis.close()
  }
}

function includesAll(keys: readonly Buffer[], others: readonly Buffer[]): boolean {
  const ring = createKeyRing(keys)
  return createKeyRing(others).ids.every((id) => ring.find(id) !== undefined)
}

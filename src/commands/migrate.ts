import { existsSync } from 'node:fs'
import { readConfig } from '../config/environment.ts'
import { createKeyRing } from '../crypto/key-ring.ts'
import { readRootKeyFile } from '../crypto/root-key-file.ts'
import { rootKeyPath } from '../server/backend.ts'
import { holdsData } from '../store/lmdb/folder.ts'
import { migrate as copy, isEmpty } from '../store/migrate.ts'
import { openStore } from '../store/open.ts'
import { milliseconds } from '../time.ts'

const USAGE = `usage: emberlink migrate --to redis     from DATA_DIR to REDIS_URL
       emberlink migrate --to folder    from REDIS_URL to DATA_DIR`

/**
 * Copies everything from one store to the other, which must be empty. No server may use either meanwhile.
 * @param args `--to` and where to.
 * @returns The exit status: 0 when done, 1 when the settings or the target do not allow it, 2 for a wrong call.
 * @throws ConfigError, DomainError `store_unavailable`, or an Error when the root key file is damaged.
 */
export async function migrate(args: readonly string[]): Promise<number> {
  const [option, target, ...rest] = args
  if (option !== '--to' || (target !== 'redis' && target !== 'folder') || rest.length > 0) {
    process.stderr.write(`${USAGE}\n`)
    return 2
  }
  const { redisUrl, dataDir, rootKeys } = readConfig()
  if (redisUrl === undefined || rootKeys === undefined) return refuse('REDIS_URL and ROOT_KEY must be set')
  const toRedis = target === 'redis'
  if (toRedis && !holdsData(dataDir)) return refuse(`there is nothing in ${dataDir}`)
  if (!keysAgree(rootKeys, rootKeyPath(dataDir), toRedis)) {
    return refuse(`ROOT_KEY and ${rootKeyPath(dataDir)} must hold the same keys, or nothing could be opened`)
  }

  const redis = await openStore({ redisUrl, dataDir })
  try {
    const folder = await openStore({ redisUrl: undefined, dataDir })
    try {
      const [from, to] = toRedis ? [folder, redis] : [redis, folder]
      if (!(await isEmpty(to))) return refuse('there is something in the store to copy to')
      const { secrets, accounts } = await copy(from, to, milliseconds(Date.now()))
      process.stdout.write(`copied ${secrets} secrets and ${accounts} accounts\n`)
      return 0
    } finally {
      await folder.close()
    }
  } finally {
    await redis.close()
  }
}

/** @returns Whether the keys that will be at hand open what the others have sealed. */
function keysAgree(rootKeys: readonly Buffer[], path: string, toRedis: boolean): boolean {
  if (!existsSync(path)) return true
  const [given, filed] = [createKeyRing(rootKeys), createKeyRing(readRootKeyFile(path))]
  const [needed, atHand] = toRedis ? [filed, given] : [given, filed]
  return needed.ids.every((id) => atHand.find(id) !== undefined)
}

function refuse(reason: string): number {
  process.stderr.write(`emberlink: ${reason}\n`)
  return 1
}

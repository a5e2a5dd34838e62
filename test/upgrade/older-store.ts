import { chmod, cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startRedis } from '../support/redis.ts'

type Settings = Readonly<Record<string, string>>

/** A store that an older version wrote, for any number of tests. */
export interface OlderStore {
  /**
   * Puts the store back as the older version left it.
   * @returns The settings that lead to it.
   */
  restore(): Promise<Settings>
  close(): Promise<void>
}

/**
 * Restores embedded stores.
 * @param version The folder of the version that wrote it.
 */
export async function olderLmdb(version: string): Promise<OlderStore> {
  const folder = await mkdtemp(join(tmpdir(), 'emberlink-upgrade-'))
  let copies = 0
  return {
    async restore() {
      copies += 1
      const copy = join(folder, String(copies))
      await cp(pathOf(version, 'lmdb'), copy, { recursive: true })
      // Git keeps no modes.
      await chmod(join(copy, 'root.key'), 0o600)
      return { DATA_DIR: copy }
    },
    close: () => rm(folder, { recursive: true }),
  }
}

/**
 * Restores a Redis database, in a real Redis of its own.
 * @param version The folder of the version that wrote it.
 */
export async function olderRedis(version: string): Promise<OlderStore> {
  // With an append-only file Redis would not read the saved one.
  const redis = await startRedis({ appendonly: 'no', dbfilename: 'older.rdb' })
  const [, folder = ''] = (await redis.client.config('GET', 'dir')) as string[]
  await cp(pathOf(version, 'redis.rdb'), join(folder, 'older.rdb'))
  return {
    async restore() {
      await redis.kill()
      await redis.start()
      return { REDIS_URL: redis.url }
    },
    close: () => redis.stop(),
  }
}

function pathOf(version: string, name: string): string {
  return fileURLToPath(new URL(`${version}/${name}`, import.meta.url))
}

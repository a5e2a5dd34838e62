import { spawnSync } from 'node:child_process'
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startProxy } from '../support/proxy.ts'
import { startRedis } from '../support/redis.ts'
import { ROOT_KEY } from '../support/root-keys.ts'
import { type BreakableStore, breaksOf, until } from './breakable.ts'
import type { StoreName } from './faults.ts'
import { onCluster, onSentinel } from './replicated-stores.ts'

const DISK_MEGABYTES = 192
/** Less than the server keeps free for claims. */
const FREE_BYTES = 8 * 1024 * 1024

/**
 * Starts a store.
 *
 * @param folder Where it may write.
 * @param replicas How many of two replicas must confirm each write, where there are replicas.
 */
export function startStore(name: StoreName, folder: string, replicas: number): Promise<BreakableStore> {
  switch (name) {
    case 'lmdb':
      return onLmdb(folder)
    case 'redis':
      return onRedis()
    case 'sentinel':
      return onSentinel(replicas)
    case 'cluster':
      return onCluster(replicas)
  }
}

/** Three processes on a small disk of its own, where we may mount one; else it never fills up. */
async function onLmdb(folder: string): Promise<BreakableStore> {
  const disk = join(folder, 'disk')
  await mkdir(disk)
  const size = `size=${DISK_MEGABYTES}m`
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', disk]).status === 0
  const [data, filler] = [join(disk, 'data'), join(disk, 'filler')]
  return {
    servers: [{ DATA_DIR: data, WORKERS: '2' }, { DATA_DIR: data }],
    breaks: {
      async full(_, holdMs) {
        if (!mounted) return
        const { bavail, bsize } = await statfs(disk)
        await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - FREE_BYTES)))
        await sleep(holdMs)
        await rm(filler)
      },
    },
    async close() {
      // A killed process closes its files a moment after it has ended.
      if (mounted) await until(async () => spawnSync('umount', [disk]).status === 0)
    },
  }
}

/** Three servers, one of several workers, one behind a wire that breaks. */
async function onRedis(): Promise<BreakableStore> {
  const redis = await startRedis()
  const wire = await startProxy(redis.port)
  const wired = redis.url.replace(String(redis.port), String(wire.port))
  return {
    servers: [
      { REDIS_URL: redis.url, ROOT_KEY },
      { REDIS_URL: wired, ROOT_KEY },
      { REDIS_URL: redis.url, ROOT_KEY, WORKERS: '2' },
    ],
    breaks: {
      ...breaksOf([redis]),
      async 'cut-store'(_, holdMs) {
        const until = performance.now() + holdMs
        while (performance.now() < until) {
          wire.dropNextReply()
          await sleep(100)
        }
        wire.cut()
      },
    },
    async close() {
      await wire.stop()
      await redis.stop()
    },
  }
}

import { spawnSync } from 'node:child_process'
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startProxy } from '../support/proxy.ts'
import { type RedisServer, startCluster, startRedis, startSentinel } from '../support/redis.ts'
import { ROOT_KEY } from '../support/root-keys.ts'
import type { FaultName, StoreName } from './faults.ts'

const MASTER = 'ember'
const WHOLE_MS = 120_000
const DISK_MEGABYTES = 192
/** Less than the server keeps free for claims. */
const FREE_BYTES = 8 * 1024 * 1024

type Settings = Readonly<Record<string, string>>

/** A store that can be broken. */
export interface BreakableStore {
  /** The settings of each of its servers. */
  readonly servers: readonly Settings[]
  /** Breaks it, holds that, and repairs it. */
  readonly breaks: Partial<Record<FaultName, (target: number, holdMs: number) => Promise<void>>>
  close(): Promise<void>
}

/**
 * Starts a store.
 *
 * @param folder Where it may write.
 */
export function startStore(name: StoreName, folder: string): Promise<BreakableStore> {
  return { lmdb: onLmdb, redis: onRedis, sentinel: onSentinel, cluster: onCluster }[name](folder)
}

/** On a small disk of its own, where we may mount one; else it never fills up. */
async function onLmdb(folder: string): Promise<BreakableStore> {
  const disk = join(folder, 'disk')
  await mkdir(disk)
  const size = `size=${DISK_MEGABYTES}m`
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', disk]).status === 0
  const filler = join(disk, 'filler')
  return {
    servers: [{ DATA_DIR: join(disk, 'data'), WORKERS: '2' }],
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

async function onCluster(): Promise<BreakableStore> {
  const group = await startCluster()
  return {
    servers: [
      { REDIS_URL: group.url, ROOT_KEY },
      { REDIS_URL: group.url, ROOT_KEY, WORKERS: '2' },
    ],
    breaks: breaksOf(group.servers),
    close: () => group.stop(),
  }
}

async function onSentinel(): Promise<BreakableStore> {
  const group = await startSentinel()
  const nodes = group.servers.slice(0, 3)
  const [sentinel] = group.servers.slice(3)
  if (sentinel === undefined) throw new Error('there is no sentinel')
  const ask = (...words: string[]) => sentinel.client.call('SENTINEL', ...words)
  const masterPort = async () => Number(((await ask('GET-MASTER-ADDR-BY-NAME', MASTER)) as string[])[1])
  const theMaster = async () => {
    const port = await masterPort()
    return nodes.filter((node) => node.port === port)
  }
  const untilWhole = () =>
    until(async () => {
      const [master] = await theMaster()
      const replication = (await master?.client.info('replication')) ?? ''
      return /role:master/.test(replication) && replication.match(/state=online/g)?.length === 2
    })
  const { full, ...crashes } = breaksOf(nodes, theMaster)
  const whole = Object.entries(crashes).map(([name, crash]) => [
    name,
    async (target: number, holdMs: number) => {
      await crash(target, holdMs)
      await untilWhole()
    },
  ])
  return {
    servers: [
      { REDIS_URL: group.url, ROOT_KEY },
      { REDIS_URL: group.url, ROOT_KEY, WORKERS: '2' },
    ],
    breaks: {
      ...(Object.fromEntries(whole) as typeof crashes),
      full,
      async 'switch-store'(_, holdMs) {
        // Sentinel refuses while the last failover is too recent.
        await until(() => ask('FAILOVER', MASTER).then(Boolean, () => false))
        await sleep(holdMs)
        await untilWhole()
      },
    },
    close: () => group.stop(),
  }
}

/** @param nodesToCrash Of which the target says one. */
function breaksOf(
  nodes: readonly RedisServer[],
  nodesToCrash: () => Promise<readonly RedisServer[]> = async () => nodes,
) {
  async function victim(target: number): Promise<RedisServer> {
    const candidates = await nodesToCrash()
    const node = candidates[target % candidates.length]
    if (node === undefined) throw new Error('there is no node to break')
    return node
  }
  const limitMemory = (bytes: string) =>
    Promise.all(nodes.map(({ client }) => client.config('SET', 'maxmemory', bytes)))
  return {
    async 'kill-store'(target: number, holdMs: number) {
      const node = await victim(target)
      await node.kill()
      await sleep(holdMs)
      await node.start()
    },
    async 'pause-store'(target: number, holdMs: number) {
      const node = await victim(target)
      await node.pause()
      await sleep(holdMs)
      await node.resume()
    },
    async full(_: number, holdMs: number) {
      await limitMemory('1')
      await sleep(holdMs)
      await limitMemory('0')
    },
  }
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + WHOLE_MS
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error('a store does not become whole again')
    await sleep(100)
  }
}

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { type BenchServer, type ServerOptions, startBaseline, startEmberlink } from './servers.ts'

/** The stores that a figure can be measured on. */
export type StoreName = 'redis' | 'lmdb'

/** What is on for a figure, and is stopped after it. */
export interface Stage {
  readonly rootKey: string
  /** Creates a folder for data that outlives a server. */
  folder(): Promise<string>
  /** Starts a Redis that confirms what is on disk, and never rewrites its file in the middle of a round. */
  redis(): Promise<RedisServer>
  /** Starts what the settings of a server need to use a store. */
  settingsFor(store: StoreName): Promise<Readonly<Record<string, string>>>
  /** Starts something else. */
  keep<Started extends { stop(): Promise<void> }>(start: () => Promise<Started>): Promise<Started>
  emberlink(options: Parameters<typeof startEmberlink>[0]): Promise<BenchServer>
  baseline(options: ServerOptions): Promise<BenchServer>
  /** Stops everything, the last one first. */
  close(): Promise<void>
}

/** Creates an empty stage. */
export function createStage(): Stage {
  const started: { stop(): Promise<void> }[] = []
  const rootKey = randomBytes(32).toString('hex')
  async function keep<Started extends { stop(): Promise<void> }>(
    starting: Promise<Started>,
  ): Promise<Started> {
    const one = await starting
    started.push(one)
    return one
  }
  const stage: Stage = {
    rootKey,
    async folder() {
      const path = await mkdtemp(`${tmpdir()}/emberlink-bench-`)
      started.push({ stop: () => rm(path, { recursive: true, force: true }) })
      return path
    },
    redis: () => keep(startRedis({ 'auto-aof-rewrite-percentage': '0' })),
    async settingsFor(store) {
      if (store === 'lmdb') return { ROOT_KEY: rootKey }
      return { ROOT_KEY: rootKey, REDIS_URL: (await stage.redis()).url }
    },
    keep: (start) => keep(start()),
    emberlink: (options) => keep(startEmberlink(options)),
    baseline: (options) => keep(startBaseline(options)),
    async close() {
      for (const one of started.reverse()) await one.stop()
    },
  }
  return stage
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { RedisServer } from '../support/redis.ts'
import type { FaultName } from './faults.ts'

const WHOLE_MS = 120_000

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
 * Returns what can be done to every Redis.
 *
 * @param nodesToCrash Of which the target says one.
 */
export function breaksOf(
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

/** Waits until a store is whole again, or for anything else, two minutes at most. */
export async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + WHOLE_MS
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error('a store does not become whole again')
    await sleep(100)
  }
}

import type { Redis } from 'ioredis'
import { collectWarnings } from './collect-warnings.ts'
import { parseInfo } from './info.ts'
import { permitted } from './permitted.ts'

/** How many replicas are connected to a master, and how many of them have caught up and can confirm writes. */
interface Replicas {
  readonly connected: number
  readonly online: number
}

/**
 * Finds out whether a failover may undo writes, one line for each way. Silent where INFO is not permitted.
 *
 * @param masters The servers that accept writes.
 * @param required The number of replicas that must confirm each write.
 * @throws DomainError `store_unavailable`.
 */
export async function findFailoverWarnings(masters: readonly Redis[], required: number): Promise<string[]> {
  return collectWarnings(masters, async (master) => {
    const info = await permitted(master.info('replication'))
    return info === undefined ? [] : failoverWarnings(countReplicas(parseInfo(info)), required)
  })
}

/**
 * Returns warnings about a master whose replicas do not match the number that must confirm. A replica that is away for a
 * moment is not counted, so that no line names the number that should be set.
 *
 * @param facts The reply to INFO.
 * @param required The number of replicas that must confirm each write.
 */
export function replicaWarnings(facts: ReadonlyMap<string, string>, required: number): string[] {
  const replicas = countReplicas(facts)
  if (replicas.online >= required) return failoverWarnings(replicas, required)
  return [
    `nothing can be stored, revealed or burned: REDIS_URL has ?replicas=${required}, and Redis has ${replicas.online} connected: start the missing ones, or name fewer`,
  ]
}

function failoverWarnings({ connected }: Replicas, required: number): string[] {
  if (connected <= required) return []
  if (required === 0) {
    return [
      'a failover may undo the last writes: Redis has replicas, and REDIS_URL does not have ?replicas=N with their number',
    ]
  }
  return [
    `a failover while the old master still runs may undo confirmed writes, so that a revealed secret returns: REDIS_URL has ?replicas=${required}, and Redis has more, ${connected} connected`,
  ]
}

function countReplicas(facts: ReadonlyMap<string, string>): Replicas {
  const lines = [...facts].filter(([name]) => /^slave\d+$/.test(name)).map(([, line]) => line)
  return { connected: lines.length, online: lines.filter((line) => line.includes('state=online')).length }
}

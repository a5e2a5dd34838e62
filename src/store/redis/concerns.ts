import type { Redis } from 'ioredis'
import { storeUnavailable } from './errors.ts'

/** Marks a refusal to be inspected: no permission, or a hosted Redis without the command. */
const NOT_PERMITTED = /^(NOPERM|ERR unknown command)/

/**
 * Looks at what each master really does with data, whatever its configuration file says.
 * @param masters Each server that takes writes.
 * @param replicas How many replicas have to confirm a write.
 * @returns One line for each way in which data may be lost, evicted or taken.
 * @throws DomainError `store_unavailable`.
 */
export async function findConcerns(masters: readonly Redis[], replicas: number): Promise<string[]> {
  try {
    const found = await Promise.all(
      masters.map(async (master) => [
        ...concernsOfInfo(await permitted(master.info()), replicas),
        ...concernsOfFlushing(await permitted(master.config('GET', 'appendfsync'))),
        ...((await letsStrangersIn(master)) ? ['Redis lets anyone in without a password'] : []),
      ]),
    )
    return [...new Set(found.flat())]
  } catch (error) {
    throw storeUnavailable(error)
  }
}

function concernsOfInfo(info: string | undefined, replicas: number): string[] {
  if (info === undefined)
    return ['whether Redis evicts or forgets data could not be checked: INFO is not permitted']
  const facts = new Map(info.split('\r\n').map((line) => line.split(':') as [string, string]))
  const concerns: string[] = []
  const policy = facts.get('maxmemory_policy')
  if (facts.get('maxmemory') !== '0' && policy !== 'noeviction') {
    concerns.push(`Redis may evict unread secrets: maxmemory-policy is ${policy}, not noeviction`)
  }
  if (facts.get('aof_enabled') !== '1') {
    concerns.push('Redis forgets the last writes when it restarts: appendonly is not yes')
  }
  if (replicas === 0 && facts.get('connected_slaves') !== '0') {
    concerns.push(
      'a failover may undo the last writes: Redis has replicas, and the address does not say replicas=1',
    )
  }
  return concerns
}

function concernsOfFlushing(setting: unknown): string[] {
  if (setting === undefined) {
    return ['how soon Redis writes to disk could not be checked: CONFIG GET is not permitted']
  }
  const [, appendfsync] = setting as [string, string]
  if (appendfsync === 'always') return []
  return [`Redis forgets the last writes when it crashes: appendfsync is ${appendfsync}, not always`]
}

async function permitted<T>(reply: Promise<T>): Promise<T | undefined> {
  try {
    return await reply
  } catch (error) {
    if (NOT_PERMITTED.test((error as Error).message)) return undefined
    throw error
  }
}

/** Tries the door, since no setting tells for sure: it takes an address, a default user and protected mode. */
async function letsStrangersIn(master: Redis): Promise<boolean> {
  const stranger = master.duplicate({
    username: '',
    password: '',
    lazyConnect: true,
    enableReadyCheck: false,
    failoverDetector: false,
    retryStrategy: () => null,
  })
  stranger.on('error', () => undefined)
  try {
    await stranger.connect()
    return (await stranger.ping()) === 'PONG'
  } catch {
    return false
  } finally {
    stranger.disconnect()
  }
}

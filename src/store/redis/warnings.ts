import type { Redis } from 'ioredis'
import { storeUnavailable } from './errors.ts'

/** Redis rejects an inspection: the permission is missing, or a hosted Redis lacks the command. */
const NOT_PERMITTED = /^(NOPERM|ERR unknown command)/

/**
 * Returns one line for each way in which data may be lost, evicted or stolen. Inspects the effective configuration of each
 * master.
 *
 * @param masters The servers that accept writes.
 * @param replicas The number of replicas that must confirm each write.
 * @throws DomainError `store_unavailable`.
 */
export async function findWarnings(masters: readonly Redis[], replicas: number): Promise<string[]> {
  try {
    const found = await Promise.all(
      masters.map(async (master) => [
        ...infoWarnings(await permitted(master.info()), replicas),
        ...flushWarnings(await permitted(master.config('GET', 'appendfsync'))),
        ...((await allowsUnauthenticated(master)) ? ['Redis accepts clients without a password'] : []),
      ]),
    )
    return [...new Set(found.flat())]
  } catch (error) {
    throw storeUnavailable(error)
  }
}

function infoWarnings(info: string | undefined, replicas: number): string[] {
  if (info === undefined)
    return ['whether Redis evicts or forgets data could not be checked: INFO is not permitted']
  const facts = new Map(info.split('\r\n').map((line) => line.split(':') as [string, string]))
  const warnings: string[] = []
  const policy = facts.get('maxmemory_policy')
  if (facts.get('maxmemory') !== '0' && policy !== 'noeviction') {
    warnings.push(`Redis may evict unread secrets: maxmemory-policy is ${policy}, not noeviction`)
  }
  if (facts.get('aof_enabled') !== '1') {
    warnings.push('Redis forgets the last writes when it restarts: appendonly is not yes')
  }
  if (replicas === 0 && facts.get('connected_slaves') !== '0') {
    warnings.push(
      'a failover may undo the last writes: Redis has replicas, and REDIS_URL does not have ?replicas=1',
    )
  }
  return warnings
}

function flushWarnings(setting: unknown): string[] {
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

/** Tries to connect, because no single setting decides it: address, default user and protected mode all matter. */
async function allowsUnauthenticated(master: Redis): Promise<boolean> {
  const client = master.duplicate({
    username: '',
    password: '',
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: () => null,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.ping()) === 'PONG'
  } catch {
    return false
  } finally {
    client.disconnect()
  }
}

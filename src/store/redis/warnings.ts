import type { ConnectionOptions } from 'node:tls'
import type { Redis } from 'ioredis'
import type { Clock } from '../../time.ts'
import { clockWarning, measureClockSkew } from './clock.ts'
import { collectWarnings } from './collect-warnings.ts'
import { parseInfo } from './info.ts'
import { permitted } from './permitted.ts'
import { replicaWarnings } from './replica-warnings.ts'

/**
 * Returns one line for each way in which data may be lost, evicted or stolen. Inspects the effective configuration of each
 * master.
 *
 * @param masters The servers that accept writes.
 * @param replicas The number of replicas that must confirm each write.
 * @param now The clock of this server.
 * @throws DomainError `store_unavailable`.
 */
export async function findWarnings(
  masters: readonly Redis[],
  replicas: number,
  now: Clock,
): Promise<string[]> {
  const clock = clockWarning(await measureClockSkew(masters, now))
  const found = await collectWarnings(masters, async (master) => {
    const info = await permitted(master.info())
    return [
      ...infoWarnings(info, replicas),
      ...(await persistenceWarnings(master)),
      ...(replicas === 0
        ? []
        : refusalWarnings(await readConfiguration(master, 'min-replicas-to-write'), replicas)),
      ...((await allowsUnauthenticated(master, info)) ? ['Redis accepts clients without a password'] : []),
    ]
  })
  return clock === undefined ? found : [...found, clock]
}

/**
 * Finds out whether Redis may evict unread secrets, one line for each policy that does. Silent where INFO is not
 * permitted.
 *
 * @param masters The servers that accept writes.
 * @throws DomainError `store_unavailable`.
 */
export async function findEvictionWarnings(masters: readonly Redis[]): Promise<string[]> {
  return collectWarnings(masters, async (master) =>
    evictionWarnings(parseInfo((await permitted(master.info('memory'))) ?? '')),
  )
}

function evictionWarnings(facts: ReadonlyMap<string, string>): string[] {
  const policy = facts.get('maxmemory_policy') ?? 'noeviction'
  if (facts.get('maxmemory') === '0' || policy === 'noeviction') return []
  return [`Redis may evict unread secrets: maxmemory-policy is ${policy}, not noeviction`]
}

function infoWarnings(info: string | undefined, replicas: number): string[] {
  if (info === undefined)
    return ['whether Redis evicts or forgets data could not be checked: INFO is not permitted']
  const facts = parseInfo(info)
  const warnings = evictionWarnings(facts)
  if (facts.get('aof_enabled') !== '1') {
    warnings.push('Redis forgets the last writes when it restarts: appendonly is not yes')
  }
  warnings.push(...replicaWarnings(facts, replicas))
  return warnings
}

/** Reads a line of the effective configuration; undefined where CONFIG GET is not permitted, or does not show it. */
async function readConfiguration(master: Redis, name: string): Promise<string | undefined> {
  const reply = (await permitted(master.config('GET', name))) as readonly string[] | undefined
  return reply?.[1]
}

function refusalWarnings(minimum: string | undefined, replicas: number): string[] {
  if (minimum === undefined || Number(minimum) >= replicas) return []
  return [
    `a secret may be lost when it is revealed while too few replicas confirm: min-replicas-to-write is ${minimum}, not ${replicas}`,
  ]
}

async function persistenceWarnings(master: Redis): Promise<string[]> {
  const appendfsync = await readConfiguration(master, 'appendfsync')
  const save = await readConfiguration(master, 'save')
  if (appendfsync === undefined || save === undefined) {
    return [
      'how soon Redis writes to disk, and whether it writes snapshots, could not be checked: CONFIG GET is not permitted',
    ]
  }
  return [
    ...(appendfsync === 'always'
      ? []
      : [`Redis forgets the last writes when it crashes: appendfsync is ${appendfsync}, not always`]),
    ...(save === ''
      ? []
      : [
          `Redis writes snapshots, which may hold a secret that is revealed later: save is "${save}", not ""`,
        ]),
  ]
}

/**
 * Tries to connect without password and certificate, because no single setting decides it: address, default user and
 * protected mode all matter. A Redis that has nothing but a Unix socket leaves it to the permissions of that file.
 */
async function allowsUnauthenticated(master: Redis, info: string | undefined): Promise<boolean> {
  const { path, tls } = master.options
  if (path !== undefined && info !== undefined && parseInfo(info).get('tcp_port') === '0') return false
  const client = master.duplicate({
    ...(tls !== undefined && { tls: withoutCertificate(tls) }),
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

function withoutCertificate({ cert: _, key: __, ...tls }: ConnectionOptions): ConnectionOptions {
  return tls
}

import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { CREDENTIALS, newFolder, PASSWORD, type RedisServer, startRedis, startServer } from './redis.ts'
import { freePort } from './redis-process.ts'

const MASTER = 'ember'
const FORMING_MS = 60_000

/** How many replicas a master has, and how many of them confirm each write in the shipped configuration. */
export const REPLICAS = 2

/** Several servers that belong together. */
export interface RedisGroup {
  readonly url: string
  readonly servers: readonly RedisServer[]
  stop(): Promise<void>
}

/** Starts a cluster of three masters without replicas, each with a third of the slots. */
export async function startCluster(): Promise<RedisGroup> {
  const masters = await formCluster({})
  return group(`redis+cluster://${CREDENTIALS}${hosts(masters)}`, masters)
}

/**
 * Starts the same with two replicas for each master. The masters come first.
 *
 * @param confirming How many replicas the address asks to confirm.
 */
export async function startReplicatedCluster(confirming: number = REPLICAS): Promise<RedisGroup> {
  const settings = { ...replicated(confirming), 'cluster-migration-barrier': String(REPLICAS) }
  const masters = await formCluster(settings)
  const replicas = await Promise.all(
    masters.flatMap((master) => Array.from({ length: REPLICAS }, () => joinCluster(master, settings))),
  )
  for (const { client } of masters) await untilConfirmed(client)
  const url = `redis+cluster://${CREDENTIALS}${hosts(masters)}?replicas=${confirming}`
  return group(url, [...masters, ...replicas])
}

async function formCluster(settings: Readonly<Record<string, string>>): Promise<RedisServer[]> {
  const servers = await Promise.all(Array.from({ length: 3 }, () => startNode(settings)))
  const [first, ...others] = servers as [RedisServer, ...RedisServer[]]
  for (const [index, { client }] of servers.entries()) {
    const from = Math.ceil((index * 16_384) / servers.length)
    const to = Math.ceil(((index + 1) * 16_384) / servers.length)
    await client.cluster('ADDSLOTS', ...Array.from({ length: to - from }, (_, slot) => from + slot))
    await client.cluster('SET-CONFIG-EPOCH', index + 1)
  }
  for (const { port } of others) await first.client.cluster('MEET', '127.0.0.1', port)
  for (const { client } of servers) {
    await until(async () => /cluster_state:ok.*cluster_known_nodes:3/s.test(await client.cluster('INFO')))
  }
  return servers
}

/**
 * Starts another node of a cluster, as a replica of a master.
 *
 * @param settings Lines of redis.conf.
 */
export async function joinCluster(
  master: RedisServer,
  settings: Readonly<Record<string, string>>,
): Promise<RedisServer> {
  const replica = await startNode(settings)
  await replica.client.cluster('MEET', '127.0.0.1', master.port)
  const id = (await master.client.cluster('MYID')) as string
  await until(async () => ((await replica.client.cluster('NODES')) as string).includes(id))
  await replica.client.cluster('REPLICATE', id)
  return replica
}

function startNode(settings: Readonly<Record<string, string>>): Promise<RedisServer> {
  return startRedis({ ...settings, 'cluster-enabled': 'yes', 'cluster-node-timeout': '2000' })
}

/**
 * Starts a master, two replicas, and three sentinels that take a second to find the master dead and replace it.
 *
 * @param confirming How many replicas the address asks to confirm.
 */
export async function startSentinel(confirming: number = REPLICAS): Promise<RedisGroup> {
  const settings = replicated(confirming)
  const master = await startRedis(settings)
  const replicas = await Promise.all(
    Array.from({ length: REPLICAS }, () =>
      startRedis({ ...settings, replicaof: `127.0.0.1 ${master.port}` }),
    ),
  )
  const sentinels = await Promise.all([1, 2, 3].map(() => startOneSentinel(master.port)))
  for (const { client } of sentinels) {
    await until(async () => {
      const facts = (await client.call('SENTINEL', 'MASTER', MASTER)) as string[]
      const fact = (name: string) => facts[facts.indexOf(name) + 1]
      return fact('num-slaves') === '2' && fact('num-other-sentinels') === '2'
    })
  }
  await untilConfirmed(master.client)
  const options = `replicas=${confirming}&sentinelPassword=${encodeURIComponent(PASSWORD)}`
  return group(`redis+sentinel://${CREDENTIALS}${hosts(sentinels)}/${MASTER}?${options}`, [
    master,
    ...replicas,
    ...sentinels,
  ])
}

/** What the shipped configuration adds for a master with replicas. */
function replicated(confirming: number): Readonly<Record<string, string>> {
  return { 'min-replicas-to-write': String(confirming), 'min-replicas-max-lag': '5' }
}

async function untilConfirmed(master: Redis): Promise<void> {
  await until(async () => (await master.wait(REPLICAS, 100)) === REPLICAS)
}

async function startOneSentinel(masterPort: number): Promise<RedisServer> {
  const port = await freePort()
  const folder = await newFolder()
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir "${folder}"`,
    `requirepass "${PASSWORD}"`,
    `sentinel monitor ${MASTER} 127.0.0.1 ${masterPort} 2`,
    `sentinel auth-pass ${MASTER} "${PASSWORD}"`,
    `sentinel down-after-milliseconds ${MASTER} 1000`,
    `sentinel failover-timeout ${MASTER} 5000`,
    `sentinel parallel-syncs ${MASTER} 2`,
  ]
  await writeFile(`${folder}/sentinel.conf`, lines.join('\n'))
  return startServer([`${folder}/sentinel.conf`, '--sentinel'], folder, port)
}

function group(url: string, servers: readonly RedisServer[]): RedisGroup {
  return {
    url,
    servers,
    async stop() {
      await Promise.all(servers.map((server) => server.stop()))
    },
  }
}

function hosts(servers: readonly RedisServer[]): string {
  return servers.map(({ port }) => `127.0.0.1:${port}`).join()
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + FORMING_MS
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error('the servers do not find each other')
    await sleep(50)
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { PASSWORD, type RedisServer } from '../support/redis.ts'
import { type RedisGroup, startReplicatedCluster, startSentinel } from '../support/redis-groups.ts'
import { ROOT_KEY } from '../support/root-keys.ts'
import { type BreakableStore, breaksOf, until } from './breakable.ts'
import { type Wires, wireCluster, wireSentinel } from './wired-nodes.ts'

const MASTER = 'ember'
/** As `startSentinel` sets them. */
const OF_MASTER = {
  'auth-pass': PASSWORD,
  'down-after-milliseconds': '1000',
  'failover-timeout': '5000',
  'parallel-syncs': '2',
} as const

/** Starts a cluster of three masters with two replicas each. @param replicas How many must confirm each write. */
export async function onCluster(replicas: number): Promise<BreakableStore> {
  const group = await startReplicatedCluster(replicas)
  const nodes = group.servers
  const wires = await wireCluster(nodes)
  const nodesWith = async (role: 'master' | 'slave') => {
    const roles = await Promise.all(nodes.map(({ client }) => client.role()))
    return nodes.filter((_, index) => roles[index]?.[0] === role)
  }
  const isWhole = async () => {
    const masters = await nodesWith('master')
    return masters.length === 3 && (await Promise.all(masters.map(hasReplicas))).every(Boolean)
  }
  return breakable(group, nodes, wires, {
    masters: () => nodesWith('master'),
    isWhole,
    async switchMaster(target) {
      const heirs = await nodesWith('slave')
      // A cluster refuses while the replica has no connection to its master.
      await heirs[target % heirs.length]?.client.cluster('FAILOVER').catch(() => undefined)
    },
  })
}

/** Starts a master, two replicas and three sentinels. @param replicas How many must confirm each write. */
export async function onSentinel(replicas: number): Promise<BreakableStore> {
  const group = await startSentinel(replicas)
  const nodes = group.servers.slice(0, 3) as [RedisServer, ...RedisServer[]]
  const sentinels = group.servers.slice(3)
  const [sentinel] = sentinels
  if (sentinel === undefined) throw new Error('there is no sentinel')
  const wires = await wireSentinel(nodes, sentinels, { name: MASTER, settings: OF_MASTER })
  const ask = (...words: string[]) => sentinel.client.call('SENTINEL', ...words)
  const masters = async () => {
    const port = Number(((await ask('GET-MASTER-ADDR-BY-NAME', MASTER)) as string[])[1])
    const node = wires.nodeAt(port)
    return node === undefined ? [] : [node]
  }
  return breakable(group, nodes, wires, {
    masters,
    async isWhole() {
      const [master] = await masters()
      return master !== undefined && (await hasReplicas(master))
    },
    // Sentinel refuses while the last failover is too recent.
    switchMaster: () => until(() => ask('FAILOVER', MASTER).then(Boolean, () => false)),
  })
}

/** What is peculiar to a kind of store with replicas. */
interface Replicated {
  masters(): Promise<readonly RedisServer[]>
  isWhole(): Promise<boolean>
  switchMaster(target: number): Promise<void>
}

function breakable(
  group: RedisGroup,
  nodes: readonly RedisServer[],
  wires: Wires,
  { masters, isWhole, switchMaster }: Replicated,
): BreakableStore {
  const { full, ...crashes } = breaksOf(nodes, masters)
  const whole = Object.entries(crashes).map(([name, crash]) => [
    name,
    async (target: number, holdMs: number) => {
      await crash(target, holdMs)
      await until(isWhole)
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
      async 'part-store'(target, holdMs) {
        const parted = await masters()
        const node = parted[target % parted.length]
        if (node === undefined) return
        const wire = wires.wireOf(node)
        if (target % 2 === 0) wire.blackhole()
        else wire.swallowReplies()
        await sleep(holdMs)
        wire.restore()
        // What was swallowed is missing from each connection.
        wire.cut()
        await until(isWhole)
      },
      async 'switch-store'(target, holdMs) {
        await switchMaster(target)
        await sleep(holdMs)
        await until(isWhole)
      },
    },
    async close() {
      await wires.stop()
      await group.stop()
    },
  }
}

async function hasReplicas({ client }: RedisServer): Promise<boolean> {
  const replication = await client.info('replication')
  return /role:master/.test(replication) && replication.match(/state=online/g)?.length === 2
}

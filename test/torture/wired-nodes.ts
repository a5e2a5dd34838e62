import { type FaultyWire, startProxy } from '../support/proxy.ts'
import type { RedisServer } from '../support/redis.ts'
import { until } from './breakable.ts'

/** Nodes that servers, replicas and sentinels reach over wires that can be cut. */
export interface Wires {
  /** Returns the node behind a port that the wires announce. */
  nodeAt(port: number): RedisServer | undefined
  wireOf(node: RedisServer): FaultyWire
  stop(): Promise<void>
}

/** Lets the nodes of a cluster announce wires in place of their ports. Their bus is left alone. */
export async function wireCluster(nodes: readonly RedisServer[]): Promise<Wires> {
  const wires = await startWires(nodes)
  for (const node of nodes) await announce(node, 'cluster-announce-port', wires)
  const announced = nodes.map((node) => String(wires.wireOf(node).port))
  for (const { client } of nodes) {
    await until(async () => {
      const known = (await client.cluster('NODES')) as string
      return announced.every((port) => known.includes(`:${port}@`))
    })
  }
  return wires
}

/**
 * Lets Sentinel and the replicas reach each node over a wire.
 *
 * @param nodes The master and its replicas.
 * @param settings What the sentinels are told of the master, by name.
 */
export async function wireSentinel(
  [master, ...replicas]: readonly [RedisServer, ...RedisServer[]],
  sentinels: readonly RedisServer[],
  { name, settings }: { readonly name: string; readonly settings: Readonly<Record<string, string>> },
): Promise<Wires> {
  const wires = await startWires([master, ...replicas])
  const { port } = wires.wireOf(master)
  for (const node of [master, ...replicas]) await announce(node, 'replica-announce-port', wires)
  for (const { client } of replicas) {
    await client.replicaof('127.0.0.1', port)
    await client.config('REWRITE')
  }
  await until(async () => (await master.client.wait(replicas.length, 100)) === replicas.length)
  for (const { client } of sentinels) {
    const tell = (...words: (string | number)[]) => client.call('SENTINEL', ...words.map(String))
    await tell('REMOVE', name)
    await tell('MONITOR', name, '127.0.0.1', port, Math.ceil(sentinels.length / 2))
    for (const setting of Object.entries(settings)) await tell('SET', name, ...setting)
  }
  for (const { client } of sentinels) {
    await until(async () => {
      const facts = (await client.call('SENTINEL', 'MASTER', name)) as string[]
      const count = (fact: string) => Number(facts[facts.indexOf(fact) + 1])
      return count('num-slaves') === replicas.length && count('num-other-sentinels') === sentinels.length - 1
    })
  }
  return wires
}

async function startWires(nodes: readonly RedisServer[]): Promise<Wires> {
  const wires = new Map<RedisServer, FaultyWire>()
  for (const node of nodes) wires.set(node, await startProxy(node.port))
  return {
    nodeAt: (port) => nodes.find((node) => wires.get(node)?.port === port),
    wireOf(node) {
      const wire = wires.get(node)
      if (wire === undefined) throw new Error('the node has no wire')
      return wire
    },
    async stop() {
      for (const wire of wires.values()) await wire.stop()
    },
  }
}

/** Announces a wire for good: a node that was killed reads its configuration again. */
async function announce(node: RedisServer, setting: string, wires: Wires): Promise<void> {
  await node.client.config('SET', setting, String(wires.wireOf(node).port))
  await node.client.config('REWRITE')
}

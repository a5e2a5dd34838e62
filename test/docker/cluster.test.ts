import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RecordId } from '../../src/secrets/keys.ts'
import { openRedisStore } from '../../src/store/redis/open.ts'
import { available, newPair, READ, START } from '../contract/samples.ts'
import { patiently } from '../support/recovery.ts'
import { watchAccess } from './access.ts'
import { ROOT, readCompose } from './compose.ts'
import { redisCli } from './redis-cli.ts'
import { type Node, newStack, type Stack } from './stack.ts'

const NODES = ['redis', ...[2, 3, 4, 5, 6, 7, 8, 9].map((number) => `redis-${number}`)]
/** Commands that the server needs only on a cluster. */
const ONLY_HERE = ['wait', 'cluster|slots', 'readonly', 'readwrite', 'client|setname']

describe('docker/cluster.yml', () => {
  let stack: Stack
  let nodes: Node[]
  beforeAll(async () => {
    stack = await newStack('docker/cluster.yml')
    nodes = await Promise.all(NODES.map((service) => stack.start(service)))
  })
  afterAll(() => stack.stop())

  /** Runs the service `setup`, and returns what it prints. */
  async function formCluster(): Promise<string> {
    const { command = [] } = readCompose('docker/cluster.yml').services['setup'] ?? {}
    const args = [`${ROOT}docker/form-cluster.sh`, ...command.map(stack.local)]
    return execFileSync('sh', args, {
      encoding: 'utf8',
      env: { ...(await redisCli()), SECRETS: `${stack.secrets}/redis` },
    })
  }

  it('joins its nodes once, as three masters with two replicas each', async () => {
    const printed = await formCluster()
    expect(printed).toContain('All 16384 slots covered')
    expect(printed).toContain('every master has its replicas')
    const replication = await Promise.all(nodes.map(({ admin }) => admin.info('replication')))
    expect(replication.filter((facts) => facts.includes('min_slaves_good_slaves:2'))).toHaveLength(3)
    await patiently(async () => {
      for (const { admin } of nodes) expect(await admin.cluster('INFO')).toMatch(/cluster_state:ok/)
    })
    const roles = await Promise.all(nodes.map(({ admin }) => admin.role()))
    expect(roles.filter(([role]) => role === 'master')).toHaveLength(3)
    expect(roles.filter(([role]) => role === 'slave')).toHaveLength(6)
    expect(await formCluster()).toContain('the nodes already form a cluster')
  })

  it('keeps every acknowledged create and claim when it loses a master', async () => {
    const [first] = nodes as [Node]
    const store = await openRedisStore(stack.url)
    const pairs = Array.from({ length: 30 }, () => newPair())
    await patiently(() => store.secrets.create(newPair(), START))
    for (const pair of pairs) await store.secrets.create(pair, START)
    const [read, unread] = [pairs.slice(0, 15), pairs.slice(15)]
    for (const { id } of read) await store.secrets.claim(id, READ, START)
    expect(await store.warnings()).toEqual([])

    await first.kill()
    const peek = ({ id }: { readonly id: RecordId }) => patiently(() => store.secrets.peek(id, START))
    for (const pair of read) expect(await peek(pair)).toBeUndefined()
    for (const pair of unread) expect(await peek(pair)).toEqual(available(pair))
    await store.close()
  })

  it('permits every user of Redis what it needs, and the server the commands that only a cluster needs', async () => {
    const access = watchAccess()
    await access.note(...nodes.slice(1))
    expect(access.denied).toEqual([])
    expect([...access.used]).toEqual(expect.arrayContaining(ONLY_HERE))
  })
})

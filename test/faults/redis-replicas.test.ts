import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { receiptRecord, secretRecord } from '../../src/store/redis/keys.ts'
import { openRedisStore } from '../../src/store/redis/open.ts'
import type { Store } from '../../src/store/store.ts'
import { newPair, READ, START } from '../contract/samples.ts'
import { patiently } from '../support/recovery.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'

const UNCONFIRMED = {
  code: 'store_unavailable',
  cause: { message: expect.stringMatching(/^\d of \d replicas confirmed a write$/) },
}

describe('a store that asks for more confirmations than Redis has replicas', () => {
  let master: RedisServer
  let replica: RedisServer
  beforeAll(async () => {
    master = await startRedis()
    replica = await startRedis({ replicaof: `127.0.0.1 ${master.port}` })
  })
  afterAll(() => Promise.all([master.stop(), replica.stop()]))
  beforeEach(() => patiently(async () => expect(await master.client.wait(1, 100)).toBe(1)))

  it('rejects every change before it is made, so that no secret is revealed with 503 and gone', async () => {
    const pair = newPair()
    await (await open(0)).secrets.create(pair, START)
    const store = await open(2)
    const other = newPair()
    await expect(store.secrets.claim(pair.id, READ, START)).rejects.toMatchObject(UNCONFIRMED)
    await expect(store.secrets.take(pair.id, 'burned', START)).rejects.toMatchObject(UNCONFIRMED)
    await expect(store.secrets.create(other, START)).rejects.toMatchObject(UNCONFIRMED)
    await expect(store.ready()).rejects.toMatchObject(UNCONFIRMED)
    expect(await master.client.exists(secretRecord(pair.id))).toBe(1)
    expect(await master.client.exists(secretRecord(other.id), receiptRecord(other.id))).toBe(0)
    expect(await (await open(1)).secrets.claim(pair.id, READ, START)).toMatchObject({ kind: 'claimed' })
  })

  it('loses no more than one secret when the replica hangs, and none once that was noticed', async () => {
    const store = await open(1)
    const pairs = Array.from({ length: 5 }, () => newPair())
    await Promise.all(pairs.map((pair) => store.secrets.create(pair, START)))
    await replica.pause()
    for (const { id } of pairs)
      await expect(store.secrets.claim(id, READ, START)).rejects.toMatchObject(UNCONFIRMED)
    await replica.resume()
    expect(await master.client.exists(...pairs.map(({ id }) => secretRecord(id)))).toBe(4)
    const [, ...kept] = pairs
    for (const { id } of kept)
      expect(await patiently(() => store.secrets.claim(id, READ, START))).toMatchObject({ kind: 'claimed' })
  })

  it('is warned of, and so is a Redis that makes changes without replicas', async () => {
    expect(await (await open(2)).warnings()).toEqual([
      'nothing can be stored, revealed or burned: REDIS_URL has ?replicas=2, and Redis has 1 connected: start the missing ones, or name fewer',
      expect.stringMatching(/^a secret may be lost .*: min-replicas-to-write is 0, not 2$/),
    ])
    await master.client.config('SET', 'min-replicas-to-write', '1')
    onTestFinished(async () => void (await master.client.config('SET', 'min-replicas-to-write', '0')))
    expect(await (await open(1)).warnings()).toEqual([])
  })

  it('is warned of fewer confirmations than there are replicas, in readiness too, and without naming a number to set', async () => {
    const second = await startRedis({ replicaof: `127.0.0.1 ${master.port}` })
    onTestFinished(() => second.stop())
    await patiently(async () => expect(await master.client.wait(2, 100)).toBe(2))
    const store = await open(1)
    const warning =
      'a failover while the old master still runs may undo confirmed writes, so that a revealed secret returns: REDIS_URL has ?replicas=1, and Redis has more, 2 connected'
    expect(await store.warnings()).toContain(warning)
    expect((await store.ready()).warnings).toEqual([warning])
    const unconfirmed = (await (await open(0)).ready()).warnings
    expect(unconfirmed).toEqual([
      expect.stringMatching(/^a failover may undo the last writes: .* with their number$/),
    ])

    await second.kill()
    await patiently(async () =>
      expect(await master.client.info('replication')).toContain('connected_slaves:1'),
    )
    expect(await store.warnings()).not.toContain(warning)
    await patiently(async () => expect((await store.ready()).warnings).toEqual([]))
    expect((await (await open(2)).warnings())[0]).toBe(
      'nothing can be stored, revealed or burned: REDIS_URL has ?replicas=2, and Redis has 1 connected: start the missing ones, or name fewer',
    )
  })

  async function open(replicas: number): Promise<Store> {
    const store = await openRedisStore(`${master.url}?replicas=${replicas}`)
    onTestFinished(() => store.close())
    return store
  }
})

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { RecordId } from '../../src/secrets/keys.ts'
import { secretRecord } from '../../src/store/redis/keys.ts'
import { openRedisStore } from '../../src/store/redis/open.ts'
import type { Store } from '../../src/store/store.ts'
import { newPair, READ, START } from '../contract/samples.ts'
import { storeContract } from '../contract/store.ts'
import { patiently, recovery } from '../support/recovery.ts'
import type { RedisServer } from '../support/redis.ts'
import { type RedisGroup, startSentinel } from '../support/redis-groups.ts'

const UNAVAILABLE = { name: 'DomainError', code: 'store_unavailable' }

describe('the store on Redis with two replicas and Sentinel', () => {
  let group: RedisGroup
  let master: RedisServer
  let replicas: readonly RedisServer[]
  beforeAll(async () => {
    group = await startSentinel()
    ;[master, ...replicas] = group.servers.slice(0, 3) as [RedisServer, RedisServer, RedisServer]
  })
  afterAll(() => group.stop())

  storeContract({
    open: () => openRedisStore(group.url),
    opener: () => ({ module: 'store/redis/open.js', name: 'openRedisStore', args: [group.url] }),
    evict: async (id) => {
      await master.client.del(secretRecord(id))
    },
  })

  describe('the store on a master with replicas', () => {
    it('throws the reason when no sentinel knows the master', async () => {
      const unknown = openRedisStore(group.url.replace('/ember', '/other'), { timeoutMs: 2000 })
      await expect(unknown).rejects.toMatchObject({ cause: { message: expect.stringMatching(/sentinel/) } })
    })

    it('raises a warning unless replicas confirm writes', async () => {
      expect(await (await open()).warnings()).toEqual([])
      const unconfirmed = await open(group.url.replace('replicas=2&', ''))
      expect(await unconfirmed.warnings()).toEqual([
        expect.stringMatching(/^a failover may undo the last writes/),
      ])
    })

    it('loads its scripts again after the master has forgotten them', async () => {
      const store = await open()
      const pair = newPair()
      await store.secrets.create(pair, START)
      await master.client.script('FLUSH')
      expect(await store.secrets.claim(pair.id, READ, START)).toMatchObject({ kind: 'claimed' })
    })

    it('acknowledges no write that no replica has', async () => {
      const store = await open()
      const pair = newPair()
      await store.secrets.create(pair, START)
      await Promise.all(replicas.map((replica) => replica.pause()))
      const claimed = store.secrets.claim(pair.id, READ, START)
      await expect(claimed).rejects.toMatchObject({
        ...UNAVAILABLE,
        cause: { message: '0 of 2 replicas confirmed a write' },
      })
      await Promise.all(replicas.map((replica) => replica.resume()))
      await recovery(store)
    })

    // Each sentinel that learns of the new master redirects the store once more, and calls fail once more.
    it('keeps acknowledged claims over a failover in the middle of claims, and resumes when the old master is back', async () => {
      const store = await open()
      const pairs = Array.from({ length: 3000 }, () => newPair())
      await Promise.all(pairs.map((pair) => store.secrets.create(pair, START)))

      const waiting = [...pairs]
      const acknowledged: RecordId[] = []
      const unknown: RecordId[] = []
      let killed: Promise<void> | undefined
      const reader = async (): Promise<void> => {
        for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
          const { id } = pair
          await store.secrets.claim(id, READ, START).then(
            (claim) => (claim.kind === 'claimed' ? acknowledged.push(id) : expect.unreachable(claim.kind)),
            () => unknown.push(id),
          )
          if (acknowledged.length >= 500) killed ??= master.kill()
        }
      }
      await Promise.all(Array.from({ length: 50 }, reader))
      await killed
      await expect
        .poll(async () =>
          (await Promise.all(replicas.map(({ client }) => client.role()))).map(([role]) => role),
        )
        .toContain('master')
      await master.start()
      expect(acknowledged.length).toBeGreaterThanOrEqual(500)
      expect(unknown.length).toBeGreaterThan(0)
      await recovery(store)

      const again = await Promise.all(
        acknowledged.map((id) => patiently(() => store.secrets.claim(id, READ, START))),
      )
      expect(again.filter(({ kind }) => kind !== 'gone')).toEqual([])
      const receipts = await Promise.all(
        pairs.map(({ id }) => patiently(() => store.secrets.settle(id, 'observer', START))),
      )
      expect(receipts.filter((receipt) => receipt?.state !== 'received' && receipt?.state !== 'new')).toEqual(
        [],
      )
    })
  })

  async function open(url = group.url): Promise<Store> {
    const store = await openRedisStore(url)
    onTestFinished(() => store.close())
    return store
  }
})

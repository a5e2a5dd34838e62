import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { secretKey } from '../../src/store/redis/keys.ts'
import { openRedisStore } from '../../src/store/redis/store.ts'
import type { Store } from '../../src/store/store.ts'
import { newPair, READ, START } from '../contract/samples.ts'
import { storeContract } from '../contract/store.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'

/** A Redis to run the contract on instead of our own, without a restart. Nothing in it is touched but what we store. */
const given = process.env['REDIS_URL']

describe('the store on one Redis', () => {
  let redis: RedisServer
  let url: string
  beforeAll(async () => {
    redis = await startRedis()
    url = given ?? redis.url
  })
  afterAll(() => redis.stop())

  storeContract({
    open: () => openRedisStore(url),
    opener: () => ({ module: 'store/redis/store.js', name: 'openRedisStore', args: [url] }),
    async evict(id) {
      const client = new Redis(url)
      await client.del(secretKey(id))
      client.disconnect()
    },
    ...(given === undefined && {
      async restart() {
        await redis.kill()
        await redis.start()
      },
    }),
  })

  describe('what is special to Redis', () => {
    let store: Store
    beforeAll(async () => {
      await redis.client.flushall()
      store = await openRedisStore(redis.url)
    })
    afterAll(() => store.close())

    it('keeps an unread secret of 100 bytes with its metadata in at most 500 bytes', async () => {
      await redis.client.flushall()
      await store.secrets.create(newPair({ sealed: Buffer.alloc(130, 0xe5) }), START)
      const keys = await redis.client.keys('*')
      const sizes = await Promise.all(keys.map((key) => redis.client.memory('USAGE', key)))
      expect(keys).toHaveLength(2)
      expect(sizes.reduce<number>((sum, size) => sum + Number(size), 0)).toBeLessThanOrEqual(500)
    })

    it('F3: no key without an expiry but the accounts', async () => {
      const guess = { limit: 5, windowMs: 60_000 }
      const pair = newPair({ protected: true })
      const viewed = newPair()
      const taken = newPair()
      await Promise.all([pair, viewed, taken].map((each) => store.secrets.create(each, START)))
      await store.secrets.claim(
        pair.id,
        { ...READ, attempt: { source: 'a', perNetwork: guess, perSecret: guess } },
        START,
      )
      await store.secrets.settle(viewed.id, 'sender', START)
      await store.secrets.take(taken.id, 'burned', START)
      await store.rates.take('bucket', guess, START)
      await store.accounts.remember(
        'someone',
        { sealed: Buffer.from('key'), created: START },
        START - 1000,
        5,
        START,
      )
      await store.ready()
      const keys = await redis.client.keys('*')
      expect(keys.length).toBeGreaterThanOrEqual(10)
      for (const key of keys)
        expect([key, await redis.client.pttl(key)]).toEqual([key, expect.toSatisfy(isSoon)])
    })

    it('keeps a secret some seconds longer than it counts, and its metadata twice as long', async () => {
      const pair = newPair()
      await store.secrets.create(pair, START)
      const { ttl } = pair.metadata
      const key = secretKey(pair.id)
      expect(await redis.client.ttl(key)).toBeGreaterThan(ttl)
      expect(await redis.client.ttl(key)).toBeLessThanOrEqual(ttl + 10)
      expect(await redis.client.ttl(key.replace('el:s', 'el:m'))).toBeLessThanOrEqual(2 * ttl + 10)
      await store.secrets.claim(pair.id, READ, START)
      expect(await redis.client.ttl(key.replace('el:s', 'el:m'))).toBeGreaterThan(2 * ttl)
    })

    it('finds its scripts again after Redis has forgotten them, many calls at once', async () => {
      const pairs = Array.from({ length: 20 }, () => newPair())
      await redis.client.script('FLUSH')
      await Promise.all(pairs.map((pair) => store.secrets.create(pair, START)))
      await redis.client.script('FLUSH')
      const claims = await Promise.all(pairs.map(({ id }) => store.secrets.claim(id, READ, START)))
      expect(claims.map(({ kind }) => kind)).toEqual(pairs.map(() => 'claimed'))
    })

    it('F6: no crafted id reaches another key', async () => {
      const victim = newPair()
      await store.secrets.create(victim, START)
      await store.accounts.save('account', {
        email: Buffer.from('a'),
        token: Buffer.from('b'),
        created: START,
      })
      const before = await dump()
      const crafted = ['', '*', '}', '{}', 'el:accounts', '\0', '\r\nFLUSHALL\r\n', 'x'.repeat(10_000)]
      const names = [secretKey(victim.id), `${victim.id}\0`, ` ${victim.id}`, victim.id.slice(0, -1)]
      for (const id of [...crafted, ...names]) {
        expect(await store.secrets.peek(id, START)).toBeUndefined()
        expect(await store.secrets.settle(id, 'sender', START)).toBeUndefined()
        expect(await store.secrets.claim(id, READ, START)).toEqual({ kind: 'gone' })
        expect(await store.secrets.take(id, 'burned', START)).toBe(false)
        await store.secrets.withdraw(id)
        expect(await store.accounts.find(id)).toBeUndefined()
        expect(await store.accounts.remove(id)).toBe(false)
      }
      expect(await dump()).toEqual(before)
    })

    async function dump(): Promise<unknown[]> {
      const keys = (await redis.client.keys('*')).sort()
      return Promise.all(keys.map(async (key) => [key, await redis.client.dumpBuffer(key)]))
    }
  })
})

function isSoon(milliseconds: number): boolean {
  return milliseconds > 0 && milliseconds < 2 * 86_400_000
}

import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccountId } from '../../src/accounts/records.ts'
import type { RecordId } from '../../src/secrets/keys.ts'
import type { Origin, ReceiptRecord } from '../../src/secrets/records.ts'
import { attemptCounter, rateCounter, receiptRecord, secretRecord } from '../../src/store/redis/keys.ts'
import { openRedisStore } from '../../src/store/redis/open.ts'
import type { Store } from '../../src/store/store.ts'
import { milliseconds } from '../../src/time.ts'
import { newAccountId, newPair, READ, START, TTL } from '../contract/samples.ts'
import { storeContract } from '../contract/store.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { later } from '../support/time.ts'

/** A Redis to run the contract on instead of our own, without a restart. Only what the contract stores is changed. */
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
    opener: () => ({ module: 'store/redis/open.js', name: 'openRedisStore', args: [url] }),
    async evict(id) {
      const client = new Redis(url)
      await client.del(secretRecord(id))
      client.disconnect()
    },
    ...(given === undefined && {
      async restart() {
        await redis.kill()
        await redis.start()
      },
    }),
  })

  describe('the records in Redis', () => {
    let store: Store
    beforeAll(async () => {
      await redis.client.flushall()
      store = await openRedisStore(redis.url)
    })
    afterAll(() => store.close())

    it('stores an available secret of 100 bytes with its receipt in at most 500 bytes', async () => {
      await redis.client.flushall()
      await store.secrets.create(newPair({ sealed: Buffer.alloc(130, 0xe5) }), START)
      const keys = await redis.client.keys('*')
      const sizes = await Promise.all(keys.map((key) => redis.client.memory('USAGE', key)))
      expect(keys).toHaveLength(2)
      expect(sizes.reduce<number>((sum, size) => sum + Number(size), 0)).toBeLessThanOrEqual(500)
    })

    it('stores a generated secret in at most 8 bytes more than 0.1.0, and a given one in none', async () => {
      const grown = async (origin: Origin) => {
        const { id, secret, receipt } = newPair({}, { origin })
        await store.secrets.create({ id, secret, receipt }, START)
        const stored =
          (await redis.client.strlen(secretRecord(id))) + (await redis.client.strlen(receiptRecord(id)))
        const { state, created, updated, ttl } = receipt
        const packed =
          'return #cmsgpack.pack(KEYS[1], ARGV[1], 0) + #cmsgpack.pack(ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), 0)'
        const before = await redis.client.eval(
          packed,
          1,
          secret.sealed,
          secret.root,
          state,
          created,
          updated,
          ttl,
        )
        return stored - Number(before)
      }
      expect(await grown('given')).toBe(0)
      expect(await grown('generated')).toBeLessThanOrEqual(8)
    })

    it('keeps the fields of 0.1.0 in their places, so that it reads every receipt', async () => {
      const sealed = Buffer.from('details')
      const memo = Buffer.from('memo')
      const fieldsOf = async (receipt: Partial<ReceiptRecord>) => {
        const pair = newPair({}, receipt)
        await store.secrets.create(pair, START)
        const fields = 'return { cmsgpack.unpack(redis.call("GET", KEYS[1])) }'
        return redis.client.eval(fields, 1, receiptRecord(pair.id))
      }
      const first = ['new', START, START, TTL, 0]
      // 0.1.0 sees no more than what precedes the first nil.
      expect(await fieldsOf({ origin: 'generated' })).toEqual(first)
      expect(await fieldsOf({ memo })).toEqual(first)
      expect(await fieldsOf({ sealed })).toEqual([...first, 'details'])
      expect(await fieldsOf({ sealed, origin: 'generated' })).toEqual([...first, 'details', 1])
    })

    it('removes a memo on a full Redis, where it stores none', async () => {
      const pair = newPair({}, { memo: Buffer.alloc(60) })
      await store.secrets.create(pair, START)
      await redis.client.config('SET', 'maxmemory', '1')
      const stored = store.secrets.setMemo(pair.id, Buffer.alloc(50), START)
      await expect(stored).rejects.toMatchObject({ code: 'store_unavailable' })
      expect(await store.secrets.settle(pair.id, 'observer', START)).toStrictEqual(pair.receipt)
      expect(await store.secrets.setMemo(pair.id, undefined, START)).toBe(true)
      await redis.client.config('SET', 'maxmemory', '0')
      expect(await store.secrets.settle(pair.id, 'observer', START)).not.toHaveProperty('memo')
    })

    it('F3: gives every key but the accounts an expiry', async () => {
      const limit = { limit: 5, windowMs: milliseconds(60_000) }
      const pair = newPair({ protected: true })
      const viewed = newPair()
      const taken = newPair()
      await Promise.all([pair, viewed, taken].map((each) => store.secrets.create(each, START)))
      await store.secrets.claim(
        pair.id,
        {
          ...READ,
          attempt: { network: 'a', perNetwork: limit, perSecret: limit, newcomerPause: milliseconds(60_000) },
        },
        START,
      )
      await store.secrets.settle(viewed.id, 'sender', START)
      await store.secrets.take(taken.id, 'burned', START)
      // The second request must keep the expiry that the first has set.
      await store.rates.take({ bucket: 'bucket', limit }, START)
      await store.rates.take({ bucket: 'bucket', limit }, START)
      await store.accounts.remember(
        newAccountId(),
        { sealed: Buffer.from('key'), created: START },
        { horizon: later(START, -1000), keep: 5 },
        START,
      )
      await store.accounts.raiseSessionEpoch(newAccountId(), START, TTL)
      await store.ready()
      const keys = await redis.client.keys('*')
      expect(keys.length).toBeGreaterThanOrEqual(11)
      for (const key of keys)
        expect([key, await redis.client.pttl(key)]).toEqual([key, expect.toSatisfy(isSoon)])
    })

    it('keeps the count of a rate limit as much longer than its window as two clocks may differ', async () => {
      const windowMs = milliseconds(20_000)
      const quota = { bucket: 'skewed', limit: { limit: 5, windowMs } }
      for (const now of [START, later(START, -30_000)]) {
        await store.rates.take(quota, now)
        expect(await redis.client.pttl(rateCounter(quota.bucket))).toBeGreaterThan(windowMs + 58_000)
        expect(await redis.client.pttl(rateCounter(quota.bucket))).toBeLessThanOrEqual(windowMs + 60_000)
      }
    })

    it('keeps the record of a secret as much longer than its ttl as two clocks may differ, and its receipt twice as long', async () => {
      const pair = newPair()
      await store.secrets.create(pair, START)
      const { ttl } = pair.receipt
      const [secret, receipt] = [secretRecord(pair.id), receiptRecord(pair.id)]
      expect(await redis.client.ttl(secret)).toBeGreaterThan(ttl + 58)
      expect(await redis.client.ttl(secret)).toBeLessThanOrEqual(ttl + 60)
      expect(await redis.client.ttl(receipt)).toBeLessThanOrEqual(2 * ttl + 60)
      await store.secrets.claim(pair.id, READ, START)
      expect(await redis.client.ttl(receipt)).toBeGreaterThan(2 * ttl)
      for (const memo of [Buffer.alloc(60), undefined]) {
        await store.secrets.setMemo(pair.id, memo, START)
        expect(await redis.client.ttl(receipt)).toBeGreaterThan(2 * ttl)
        expect(await redis.client.ttl(receipt)).toBeLessThanOrEqual(2 * ttl + 60)
      }
    })

    it('keeps the count of passphrase attempts as long as the secret', async () => {
      const limit = { limit: 5, windowMs: milliseconds(60_000) }
      const pair = newPair({ protected: true })
      await store.secrets.create(pair, START)
      const attempt = {
        network: 'a',
        perNetwork: limit,
        perSecret: limit,
        newcomerPause: milliseconds(60_000),
      }
      await store.secrets.claim(pair.id, { ...READ, attempt }, START)
      const [secret, count] = [secretRecord(pair.id), attemptCounter(pair.id, 'received')]
      expect(await redis.client.pexpiretime(count)).toBeGreaterThan(
        (await redis.client.pexpiretime(secret)) - 1000,
      )
    })

    it('loads its scripts again after Redis has forgotten them, also for many calls at once', async () => {
      const pairs = Array.from({ length: 20 }, () => newPair())
      await redis.client.script('FLUSH')
      await Promise.all(pairs.map((pair) => store.secrets.create(pair, START)))
      await redis.client.script('FLUSH')
      const claims = await Promise.all(pairs.map(({ id }) => store.secrets.claim(id, READ, START)))
      expect(claims.map(({ kind }) => kind)).toEqual(pairs.map(() => 'claimed'))
    })

    it('F6: reaches no other key by a crafted id', async () => {
      const victim = newPair()
      await store.secrets.create(victim, START)
      await store.accounts.save(
        newAccountId(),
        {
          email: Buffer.from('a'),
          token: Buffer.from('b'),
          created: START,
        },
        { among: [], when: 'either' },
      )
      const before = await dump()
      const crafted = ['', '*', '}', '{}', 'el:accounts', '\0', '\r\nFLUSHALL\r\n', 'x'.repeat(10_000)]
      const names = [secretRecord(victim.id), `${victim.id}\0`, ` ${victim.id}`, victim.id.slice(0, -1)]
      for (const text of [...crafted, ...names]) {
        // No parsing function lets these through: should one ever do, the store still holds.
        const [id, account] = [text as RecordId, text as AccountId]
        expect(await store.secrets.peek(id, START)).toBeUndefined()
        expect(await store.secrets.settle(id, 'sender', START)).toBeUndefined()
        expect(await store.secrets.claim(id, READ, START)).toEqual({ kind: 'gone' })
        expect(await store.secrets.take(id, 'burned', START)).toBe(false)
        expect(await store.secrets.setMemo(id, Buffer.from('memo'), START)).toBe(false)
        await store.secrets.withdraw(id)
        expect(await store.accounts.find(account)).toBeUndefined()
        expect(await store.accounts.remove(account)).toBe(false)
      }
      expect(await dump()).toEqual(before)
    })

    async function dump(): Promise<unknown[]> {
      const keys = (await redis.client.keys('*')).sort()
      return Promise.all(keys.map(async (key) => [key, await redis.client.dumpBuffer(key)]))
    }
  })
})

function isSoon(spanMs: number): boolean {
  return spanMs > 0 && spanMs < 2 * 86_400_000
}

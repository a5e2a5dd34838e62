import { randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Quota } from '../../src/limits/rates.ts'
import type { RecordId } from '../../src/secrets/keys.ts'
import { rateCounter, secretRecord } from '../../src/store/redis/keys.ts'
import { openRedisStore, type RedisStoreOptions } from '../../src/store/redis/open.ts'
import type { Store } from '../../src/store/store.ts'
import { milliseconds } from '../../src/time.ts'
import { type NewPair, newPair, READ, START } from '../contract/samples.ts'
import { type FaultyWire, startProxy } from '../support/proxy.ts'
import { recovery } from '../support/recovery.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'

const UNAVAILABLE = { name: 'DomainError', code: 'store_unavailable' }
const QUICK_MS = 300

describe('the store on one Redis that fails', () => {
  let redis: RedisServer
  let proxy: FaultyWire
  beforeAll(async () => {
    redis = await startRedis()
    proxy = await startProxy(redis.port)
  })
  afterAll(async () => {
    await proxy.stop()
    await redis.stop()
  })
  beforeEach(() => proxy.restore())

  /** A store whose connection runs through the proxy, and Redis knows its scripts. */
  async function openThroughProxy(options: RedisStoreOptions = {}): Promise<Store> {
    const store = await openRedisStore(redis.url.replace(String(redis.port), String(proxy.port)), options)
    onTestFinished(() => store.close())
    const { id } = await created(store)
    await store.secrets.claim(id, READ, START)
    await store.secrets.claim(id, READ, START, newQuota(1))
    await store.secrets.take(id, 'burned', START)
    return store
  }

  it('spends the secret and throws store_unavailable, not gone, when the answer to a claim is lost (docs/api/v1.md section 6)', async () => {
    const store = await openThroughProxy()
    const pair = await created(store)
    proxy.dropNextReply()
    await expect(store.secrets.claim(pair.id, READ, START)).rejects.toMatchObject(UNAVAILABLE)
    await recovery(store)
    expect(await store.secrets.settle(pair.id, 'observer', START)).toMatchObject({ state: 'received' })
    expect(await store.secrets.claim(pair.id, READ, START)).toEqual({ kind: 'gone' })
  })

  it('spends 50 secrets and throws store_unavailable, not gone, when the answers to all 50 claims are lost', async () => {
    const store = await openThroughProxy()
    const pairs = await Promise.all(Array.from({ length: 50 }, () => created(store)))
    proxy.swallowReplies()
    const claims = Promise.allSettled(pairs.map(({ id }) => store.secrets.claim(id, READ, START)))
    const records = pairs.map(({ id }) => secretRecord(id))
    await expect.poll(() => redis.client.exists(...records)).toBe(0)
    proxy.restore()
    proxy.cut()
    for (const claim of await claims) expect(claim).toMatchObject({ status: 'rejected', reason: UNAVAILABLE })
    await recovery(store)
    const receipts = await Promise.all(pairs.map(({ id }) => store.secrets.settle(id, 'observer', START)))
    expect(receipts.map((receipt) => receipt?.state)).toEqual(pairs.map(() => 'received'))
  })

  it('takes the secret and throws store_unavailable, not false, when the answer to a take is lost', async () => {
    const store = await openThroughProxy()
    const pair = await created(store, { protected: true })
    proxy.dropNextReply()
    await expect(store.secrets.take(pair.id, 'burned', START)).rejects.toMatchObject(UNAVAILABLE)
    await recovery(store)
    expect(await store.secrets.settle(pair.id, 'observer', START)).toMatchObject({ state: 'burned' })
  })

  it('stores both records once and throws store_unavailable when the answer to a create is lost', async () => {
    const store = await openThroughProxy()
    const pair = newPair()
    proxy.dropNextReply()
    await expect(store.secrets.create(pair, START)).rejects.toMatchObject(UNAVAILABLE)
    await recovery(store)
    expect(await store.secrets.settle(pair.id, 'observer', START)).toEqual(pair.receipt)
    expect(await store.secrets.claim(pair.id, READ, START)).toMatchObject({ kind: 'claimed' })
    expect(await store.secrets.claim(pair.id, READ, START)).toEqual({ kind: 'gone' })
  })

  it('serves the next calls on a new connection when one is cut', async () => {
    const faults: Error[] = []
    const store = await openThroughProxy({ onFault: (fault) => faults.push(fault) })
    const pair = await created(store)
    proxy.cut()
    await recovery(store)
    expect(await store.secrets.claim(pair.id, READ, START)).toMatchObject({ kind: 'claimed' })
    expect(faults.length).toBeLessThanOrEqual(1)
  })

  it('fails every call by its timeout when Redis falls silent, burns nothing, and serves again by itself', async () => {
    const store = await openThroughProxy({ timeoutMs: QUICK_MS })
    const pair = await created(store)
    proxy.blackhole()
    await expect(store.secrets.claim(pair.id, READ, START)).rejects.toMatchObject({
      ...UNAVAILABLE,
      cause: { message: expect.stringMatching(`^Socket timeout.*in ${QUICK_MS}ms`) },
    })
    await expect(
      store.rates.take({ bucket: 'bucket', limit: { limit: 1, windowMs: milliseconds(1000) } }, START),
    ).rejects.toMatchObject(UNAVAILABLE)
    await expect(store.ready()).rejects.toMatchObject(UNAVAILABLE)
    proxy.restore()
    await recovery(store)
    expect(await store.secrets.claim(pair.id, READ, START)).toMatchObject({ kind: 'claimed' })
  })

  it('F14: fails calls while Redis is dead, does not run them later, and keeps what was claimed', async () => {
    const faults: string[] = []
    const store = await openThroughProxy({ onFault: ({ message }) => faults.push(message) })
    const [read, unread] = [await created(store), await created(store)]
    await store.secrets.claim(read.id, READ, START)
    await redis.kill()
    proxy.cut()
    for (let i = 0; i < 20; i++) {
      await expect(store.secrets.claim(unread.id, READ, START)).rejects.toMatchObject(UNAVAILABLE)
    }
    await redis.start()
    await recovery(store)
    expect(await store.secrets.claim(read.id, READ, START)).toEqual({ kind: 'gone' })
    expect(await store.secrets.settle(unread.id, 'observer', START)).toMatchObject({ state: 'new' })
    expect(await store.secrets.claim(unread.id, READ, START)).toMatchObject({ kind: 'claimed' })
    expect(faults).toHaveLength(1)
  })

  it('F15: stores nothing, not even one of two records, when Redis is full, and still reveals what it holds', async () => {
    const store = await openThroughProxy()
    const limit = { limit: 5, windowMs: milliseconds(60_000) }
    const withAttempt = {
      ...READ,
      attempt: { network: 'a', perNetwork: limit, perSecret: limit, newcomerPause: milliseconds(60_000) },
    }
    const [plain, locked] = [await created(store), await created(store, { protected: true })]
    await redis.client.config('SET', 'maxmemory', '1')
    onTestFinished(async () => {
      await redis.client.config('SET', 'maxmemory', '0')
    })
    const pair = newPair()
    await expect(store.secrets.create(pair, START)).rejects.toMatchObject({
      ...UNAVAILABLE,
      cause: { message: expect.stringMatching(/^OOM/) },
    })
    expect(await store.secrets.settle(pair.id, 'observer', START)).toBeUndefined()
    expect(await store.secrets.peek(pair.id, START)).toBeUndefined()
    expect(await store.ready()).toMatchObject({ full: expect.stringMatching(/^OOM /), warnings: [] })

    expect(await store.rates.take({ bucket: 'bucket', limit }, START)).toBe(0)
    expect(await store.secrets.claim(plain.id, READ, START)).toMatchObject({ kind: 'claimed' })
    expect(await store.secrets.settle(plain.id, 'observer', START)).toMatchObject({ state: 'received' })
    expect(await store.secrets.claim(locked.id, withAttempt, START)).toMatchObject({ kind: 'protected' })
    expect(await store.secrets.take(locked.id, 'received', START)).toBe(true)
    expect(await store.secrets.settle(locked.id, 'observer', START)).toMatchObject({ state: 'received' })
  })

  it('counts every create and claim while Redis is full, reveals within the limit, and keeps the expiry of the bucket', async () => {
    const store = await openThroughProxy()
    const quota = newQuota(3)
    const [first, second] = [await created(store), await created(store)]
    await redis.client.config('SET', 'maxmemory', '1')
    onTestFinished(async () => {
      await redis.client.config('SET', 'maxmemory', '0')
    })
    const pair = newPair()
    for (let i = 0; i < 2; i++)
      await expect(store.secrets.create(pair, START, quota)).rejects.toMatchObject({
        ...UNAVAILABLE,
        cause: { message: expect.stringMatching(/^OOM/) },
      })
    expect(await store.secrets.peek(pair.id, START)).toBeUndefined()
    expect(await store.secrets.claim(first.id, READ, START, quota)).toMatchObject({ kind: 'claimed' })
    const limited = { kind: 'rate_limited', retryAfter: 60 }
    expect(await store.secrets.claim(second.id, READ, START, quota)).toEqual(limited)
    expect(await store.secrets.create(pair, START, quota)).toBe(60)
    expect(await store.secrets.claim(second.id, READ, START, newQuota(1))).toMatchObject({ kind: 'claimed' })
    expect(await redis.client.pttl(rateCounter(quota.bucket))).toBeGreaterThan(0)
  })

  it('answers claims that need no write while replicas are missing, within the limit as this process counts', async () => {
    const store = await openThroughProxy()
    const quota = newQuota(3)
    const [plain, locked] = [await created(store), await created(store, { protected: true })]
    const gone = newPair()
    const setMinimum = (count: string) => redis.client.config('SET', 'min-replicas-to-write', count)
    onTestFinished(async () => void (await setMinimum('0')))
    await setMinimum('1')
    const claim = (id: RecordId) => store.secrets.claim(id, READ, START, quota)
    await expect(claim(plain.id)).rejects.toMatchObject(UNAVAILABLE)
    expect(await claim(gone.id)).toEqual({ kind: 'gone' })
    expect(await claim(locked.id)).toEqual({ kind: 'passphrase_required' })
    expect(await claim(gone.id)).toEqual({ kind: 'rate_limited', retryAfter: 60 })
    await setMinimum('0')
    expect(await claim(plain.id)).toMatchObject({ kind: 'claimed' })
  })

  it('spends the secret and counts once when the answer to a claim within a rate limit is lost', async () => {
    const store = await openThroughProxy()
    const quota = newQuota(2)
    const pair = await created(store)
    proxy.dropNextReply()
    await expect(store.secrets.claim(pair.id, READ, START, quota)).rejects.toMatchObject(UNAVAILABLE)
    await recovery(store)
    expect(await store.secrets.settle(pair.id, 'observer', START)).toMatchObject({ state: 'received' })
    expect(await store.rates.take(quota, START)).toBe(0)
    expect(await store.rates.take(quota, START)).toBe(60)
  })

  it('throws store_unavailable with the reason when Redis may not write, and burns nothing', async () => {
    const store = await openThroughProxy()
    const pair = await created(store)
    await redis.client.config('SET', 'min-replicas-to-write', '1')
    const rejected = store.secrets.claim(pair.id, READ, START)
    await expect(rejected).rejects.toMatchObject({
      ...UNAVAILABLE,
      cause: { message: expect.stringMatching(/^NOREPLICAS/) },
    })
    await redis.client.config('SET', 'min-replicas-to-write', '0')
    expect(await store.secrets.claim(pair.id, READ, START)).toMatchObject({ kind: 'claimed' })
  })

  it('throws store_unavailable when its master was made a replica, then finds the new one by the name', async () => {
    const store = await openThroughProxy()
    const heir = await startRedis()
    onTestFinished(async () => {
      proxy.redirect(redis.port)
      proxy.cut()
      await redis.client.replicaof('NO', 'ONE')
      await heir.stop()
    })
    await redis.client.replicaof('127.0.0.1', heir.port)
    proxy.redirect(heir.port)
    await expect(store.secrets.create(newPair(), START)).rejects.toMatchObject({
      ...UNAVAILABLE,
      cause: { message: expect.stringMatching(/^READONLY/) },
    })
    await recovery(store)
    const pair = await created(store)
    expect(await heir.client.exists(secretRecord(pair.id))).toBe(1)
  })

  it('throws errors that carry no key, no ciphertext and no password', async () => {
    const store = await openThroughProxy()
    const pair = await created(store)
    proxy.dropNextReply()
    const lost = await caught(store.secrets.create(pair, START))
    await redis.client.config('SET', 'maxmemory', '1')
    await recovery(store, () => store.secrets.peek(pair.id, START))
    const full = await caught(store.secrets.create(pair, START))
    await redis.client.config('SET', 'maxmemory', '0')
    await redis.client.acl('SETUSER', 'guest', 'on', '>word', '~*', '+@all', '-evalsha', '-get')
    const guest = await openRedisStore(`redis://guest:word@127.0.0.1:${redis.port}`)
    const forbidden = await caught(guest.secrets.create(pair, START))
    await guest.close()
    const intruder = await caught(openRedisStore(`redis://guest:PASSWORD@127.0.0.1:${redis.port}`))
    const messages = [lost, full, forbidden, intruder].map((error) => (error as Error).cause)
    expect(messages).toMatchObject([
      { message: 'Redis closed the connection' },
      { message: expect.stringMatching(/^OOM/) },
      { message: expect.stringMatching(/^NOPERM/) },
      { message: expect.stringMatching(/^WRONGPASS/) },
    ])
    for (const error of [lost, full, forbidden, intruder]) expectNothingIn(error, pair)
  })

  it('quotes no argument of a command that Redis does not know and quotes', async () => {
    const hosted = await startRedis({ 'rename-command': 'EVALSHA ""' })
    onTestFinished(() => hosted.stop())
    const store = await openRedisStore(hosted.url)
    onTestFinished(() => store.close())
    const pair = newPair()
    const error = await caught(store.secrets.claim(pair.id, READ, START))
    expect(error).toMatchObject({ ...UNAVAILABLE, cause: { message: "ERR unknown command 'evalsha'" } })
    expectNothingIn(error, pair)
  })
})

async function created(store: Store, secret: Partial<NewPair['secret']> = {}): Promise<NewPair> {
  const pair = newPair(secret)
  await store.secrets.create(pair, START)
  return pair
}

function newQuota(limit: number): Quota {
  return { bucket: randomUUID(), limit: { limit, windowMs: milliseconds(60_000) } }
}

async function caught(failing: Promise<unknown>): Promise<unknown> {
  return failing.then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => error,
  )
}

function expectNothingIn(error: unknown, { id, secret }: NewPair): void {
  const text = inspect(error, {
    depth: Infinity,
    showHidden: true,
    maxArrayLength: null,
    maxStringLength: null,
  })
  for (const form of ['hex', 'base64', 'latin1'] as const)
    expect(text).not.toContain(secret.sealed.toString(form))
  expect(text).not.toContain(inspect(secret.sealed).slice(8, 40))
  expect(text).not.toContain(id.slice(3))
  expect(text).not.toMatch(/PASSWORD|p@ss|p%40ss/)
}

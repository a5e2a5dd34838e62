import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { NewPair } from '../../src/secrets/records.ts'
import { secretRecord } from '../../src/store/redis/keys.ts'
import { openRedisStore, type RedisStoreOptions } from '../../src/store/redis/store.ts'
import type { Store } from '../../src/store/store.ts'
import { milliseconds } from '../../src/time.ts'
import { newPair, READ, START } from '../contract/samples.ts'
import { type FaultyWire, startProxy } from '../support/proxy.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'

const UNAVAILABLE = { name: 'DomainError', code: 'store_unavailable' }
const QUICK_MS = 300

describe('one Redis that fails', () => {
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
    await store.secrets.take(id, 'burned', START)
    return store
  }

  it('an answer lost after the claim: unavailable, never gone, and the secret is spent (v1-api 6)', async () => {
    const store = await openThroughProxy()
    const pair = await created(store)
    proxy.dropNextReply()
    await expect(store.secrets.claim(pair.id, READ, START)).rejects.toMatchObject(UNAVAILABLE)
    await isBack(store)
    expect(await store.secrets.settle(pair.id, 'observer', START)).toMatchObject({ state: 'received' })
    expect(await store.secrets.claim(pair.id, READ, START)).toEqual({ kind: 'gone' })
  })

  it('answers lost to 50 claims of 50 secrets at once: unavailable, none told gone', async () => {
    const store = await openThroughProxy()
    const pairs = await Promise.all(Array.from({ length: 50 }, () => created(store)))
    proxy.dropNextReply()
    const claims = await Promise.allSettled(pairs.map(({ id }) => store.secrets.claim(id, READ, START)))
    for (const claim of claims) expect(claim).toMatchObject({ status: 'rejected', reason: UNAVAILABLE })
    await isBack(store)
    const looks = await Promise.all(pairs.map(({ id }) => store.secrets.settle(id, 'observer', START)))
    expect(looks.map((look) => look?.state)).toEqual(pairs.map(() => 'received'))
  })

  it('an answer lost after take: unavailable, not "another was first"', async () => {
    const store = await openThroughProxy()
    const pair = await created(store, { protected: true })
    proxy.dropNextReply()
    await expect(store.secrets.take(pair.id, 'burned', START)).rejects.toMatchObject(UNAVAILABLE)
    await isBack(store)
    expect(await store.secrets.settle(pair.id, 'observer', START)).toMatchObject({ state: 'burned' })
  })

  it('an answer lost after create: unavailable, both halves stored, once', async () => {
    const store = await openThroughProxy()
    const pair = newPair()
    proxy.dropNextReply()
    await expect(store.secrets.create(pair, START)).rejects.toMatchObject(UNAVAILABLE)
    await isBack(store)
    expect(await store.secrets.settle(pair.id, 'observer', START)).toEqual(pair.receipt)
    expect(await store.secrets.claim(pair.id, READ, START)).toMatchObject({ kind: 'claimed' })
    expect(await store.secrets.claim(pair.id, READ, START)).toEqual({ kind: 'gone' })
  })

  it('a connection that is cut: the next calls get through a new one', async () => {
    const faults: Error[] = []
    const store = await openThroughProxy({ onFault: (fault) => faults.push(fault) })
    const pair = await created(store)
    proxy.cut()
    await isBack(store)
    expect(await store.secrets.claim(pair.id, READ, START)).toMatchObject({ kind: 'claimed' })
    expect(faults.length).toBeLessThanOrEqual(1)
  })

  it('silence: every call fails in bounded time, nothing is burned, and service resumes by itself', async () => {
    const store = await openThroughProxy({ timeoutMs: QUICK_MS })
    const pair = await created(store)
    proxy.blackhole()
    const started = Date.now()
    await expect(store.secrets.claim(pair.id, READ, START)).rejects.toMatchObject(UNAVAILABLE)
    await expect(
      store.rates.take('bucket', { limit: 1, windowMs: milliseconds(1000) }, START),
    ).rejects.toMatchObject(UNAVAILABLE)
    await expect(store.ready()).rejects.toMatchObject(UNAVAILABLE)
    expect(Date.now() - started).toBeLessThan(5 * QUICK_MS)
    proxy.restore()
    await isBack(store)
    expect(await store.secrets.claim(pair.id, READ, START)).toMatchObject({ kind: 'claimed' })
  })

  it('a Redis that is killed: calls fail at once, are not made up for later, and what was claimed stays so (F14)', async () => {
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
    await isBack(store)
    expect(await store.secrets.claim(read.id, READ, START)).toEqual({ kind: 'gone' })
    expect(await store.secrets.settle(unread.id, 'observer', START)).toMatchObject({ state: 'new' })
    expect(await store.secrets.claim(unread.id, READ, START)).toMatchObject({ kind: 'claimed' })
    expect(faults).toHaveLength(1)
  })

  it('a full Redis: nothing new and nothing half new, but what it holds is handed out and makes room (F15)', async () => {
    const store = await openThroughProxy()
    const limit = { limit: 5, windowMs: milliseconds(60_000) }
    const withAttempt = { ...READ, attempt: { network: 'a', perNetwork: limit, perSecret: limit } }
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
    await expect(store.ready()).rejects.toMatchObject(UNAVAILABLE)

    expect(await store.rates.take('bucket', limit, START)).toBe(0)
    expect(await store.secrets.claim(plain.id, READ, START)).toMatchObject({ kind: 'claimed' })
    expect(await store.secrets.settle(plain.id, 'observer', START)).toMatchObject({ state: 'received' })
    expect(await store.secrets.claim(locked.id, withAttempt, START)).toMatchObject({ kind: 'protected' })
    expect(await store.secrets.take(locked.id, 'received', START)).toBe(true)
    expect(await store.secrets.settle(locked.id, 'observer', START)).toMatchObject({ state: 'received' })
  })

  it('a Redis that may not write: unavailable with its reason, and nothing is burned', async () => {
    const store = await openThroughProxy()
    const pair = await created(store)
    await redis.client.config('SET', 'min-replicas-to-write', '1')
    const refused = store.secrets.claim(pair.id, READ, START)
    await expect(refused).rejects.toMatchObject({
      ...UNAVAILABLE,
      cause: { message: expect.stringMatching(/^NOREPLICAS/) },
    })
    await redis.client.config('SET', 'min-replicas-to-write', '0')
    expect(await store.secrets.claim(pair.id, READ, START)).toMatchObject({ kind: 'claimed' })
  })

  it('a master that was made a replica while its name leads to another: unavailable, then the other', async () => {
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
    await isBack(store)
    const pair = await created(store)
    expect(await heir.client.exists(secretRecord(pair.id))).toBe(1)
  })

  it('errors carry no key, no ciphertext and no password', async () => {
    const store = await openThroughProxy()
    const pair = await created(store)
    proxy.dropNextReply()
    const lost = await caught(store.secrets.create(pair, START))
    await redis.client.config('SET', 'maxmemory', '1')
    await isBack(store, () => store.secrets.peek(pair.id, START))
    const full = await caught(store.secrets.create(pair, START))
    await redis.client.config('SET', 'maxmemory', '0')
    await redis.client.acl('SETUSER', 'guest', 'on', '>word', '~*', '+@all', '-evalsha', '-get')
    const guest = await openRedisStore(`redis://guest:word@127.0.0.1:${redis.port}`)
    const forbidden = await caught(guest.secrets.create(pair, START))
    await guest.close()
    const stranger = await caught(openRedisStore(`redis://guest:PASSWORD@127.0.0.1:${redis.port}`))
    const messages = [lost, full, forbidden, stranger].map((error) => (error as Error).cause)
    expect(messages).toMatchObject([
      { message: 'Redis closed the connection' },
      { message: expect.stringMatching(/^OOM/) },
      { message: expect.stringMatching(/^NOPERM/) },
      { message: expect.stringMatching(/^WRONGPASS/) },
    ])
    for (const error of [lost, full, forbidden, stranger]) expectNothingIn(error, pair)
  })

  it('a Redis without the command that quotes its arguments is not quoted in turn', async () => {
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

/** Waits until the store works again by itself; ten seconds at most. */
async function isBack(store: Store, works: () => Promise<unknown> = () => store.ready()): Promise<void> {
  await expect
    .poll(
      () =>
        works().then(
          () => 'back',
          () => 'away',
        ),
      { timeout: 10_000, interval: 20 },
    )
    .toBe('back')
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

import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import * as redisClient from '../../src/store/redis/client.ts'
import { secretRecord } from '../../src/store/redis/keys.ts'
import { openRedisStore } from '../../src/store/redis/open.ts'
import type { Store } from '../../src/store/store.ts'
import { newPair, READ, START } from '../contract/samples.ts'
import { type FakeSentinel, startFakeSentinel } from '../support/fake-sentinel.ts'
import { startProxy } from '../support/proxy.ts'
import { recovery } from '../support/recovery.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { type RedisGroup, startCluster } from '../support/redis-groups.ts'

const UNAVAILABLE = { name: 'DomainError', code: 'store_unavailable' }
const REOPEN_AFTER_MS = 300

/** Every client of the store, oldest first. */
const clients: redisClient.RedisClient[] = []
const { createClient } = redisClient
const creating = vi.spyOn(redisClient, 'createClient').mockImplementation((...args) => {
  const client = createClient(...args)
  clients.push(client)
  return client
})
afterAll(() => creating.mockRestore())

/** Ends a client in the way in which the client library gives up. */
const giveUp = () => clients.at(-1)?.disconnect()

describe('F28: a store whose client library has given up', () => {
  let redis: RedisServer
  let cluster: RedisGroup
  let sentinel: FakeSentinel
  beforeAll(async () => {
    ;[redis, cluster] = await Promise.all([startRedis(), startCluster()])
    sentinel = await startFakeSentinel(redis.port)
  })
  afterAll(() => Promise.all([redis.stop(), cluster.stop(), sentinel.stop()]))

  it.each([
    ['one Redis', () => redis.url],
    ['a cluster', () => cluster.url],
    [
      'a master behind a sentinel',
      () =>
        redis.url.replace('redis:', 'redis+sentinel:').replace(String(redis.port), `${sentinel.port}/ember`),
    ],
  ])('is opened again with a new client on %s', async (_, url) => {
    const reopened = vi.fn()
    const store = await open(url(), reopened)
    const pair = newPair()
    await store.secrets.create(pair, START)
    for (let times = 1; times <= 2; times += 1) {
      giveUp()
      await expect(store.secrets.peek(pair.id, START)).rejects.toMatchObject(UNAVAILABLE)
      await recovery(store)
      expect(reopened).toHaveBeenCalledTimes(times)
    }
    expect(await store.secrets.claim(pair.id, READ, START)).toMatchObject({ kind: 'claimed' })
  })

  it('is opened again whenever Redis is back, however long it was away', async () => {
    const store = await open(redis.url)
    await redis.kill()
    giveUp()
    const created = clients.length
    await expect.poll(() => clients.length).toBeGreaterThan(created + 2)
    await redis.start()
    await recovery(store)
  })

  it('fails a claim under way with store_unavailable and does not send it again', async () => {
    const proxy = await startProxy(redis.port)
    onTestFinished(() => proxy.stop())
    const store = await open(redis.url.replace(String(redis.port), String(proxy.port)))
    const pair = newPair()
    await store.secrets.create(pair, START)
    // From here on, Redis knows the script.
    await store.secrets.claim(newPair().id, READ, START)
    const stored = (await redis.client.getBuffer(secretRecord(pair.id))) as Buffer
    proxy.swallowReplies()
    const claim = store.secrets.claim(pair.id, READ, START).catch((error: unknown) => error)
    await expect.poll(() => redis.client.exists(secretRecord(pair.id))).toBe(0)
    giveUp()
    expect(await claim).toMatchObject(UNAVAILABLE)
    // A claim that is sent again would take this.
    await redis.client.set(secretRecord(pair.id), stored)
    proxy.restore()
    await recovery(store)
    expect(await redis.client.exists(secretRecord(pair.id))).toBe(1)
  })

  it('is opened again and again while replicas are missing, and reports that once', async () => {
    const reopened = vi.fn()
    const store = await open(`${redis.url}?replicas=1`, reopened)
    const created = clients.length
    await expect(store.secrets.create(newPair(), START)).rejects.toMatchObject({
      ...UNAVAILABLE,
      detail: { reason: 'too_few_replicas' },
    })
    await expect.poll(() => clients.length).toBeGreaterThan(created + 2)
    expect(reopened).toHaveBeenCalledTimes(1)
  })

  it('is not opened again while it works, however idle it is', async () => {
    const store = await open(redis.url)
    const created = clients.length
    await new Promise((resolve) => setTimeout(resolve, 3 * REOPEN_AFTER_MS))
    await store.ready()
    expect(clients).toHaveLength(created)
  })

  async function open(url: string, onReopened = vi.fn()): Promise<Store> {
    const store = await openRedisStore(url, { timeoutMs: 5000, reopenAfterMs: REOPEN_AFTER_MS, onReopened })
    onTestFinished(() => store.close())
    return store
  }
})

import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { openRedisStore } from '../../src/store/redis/open.ts'
import type { Store } from '../../src/store/store.ts'
import { newPair, READ, START } from '../contract/samples.ts'
import { type FakeSentinel, masterAt, startFakeSentinel } from '../support/fake-sentinel.ts'
import { recovery } from '../support/recovery.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'

const UNAVAILABLE = { name: 'DomainError', code: 'store_unavailable' }

describe('the store behind a sentinel that misbehaves', () => {
  let redis: RedisServer
  let sentinel: FakeSentinel
  beforeAll(async () => {
    redis = await startRedis()
    sentinel = await startFakeSentinel(redis.port)
  })
  afterAll(async () => {
    await sentinel.stop()
    await redis.stop()
  })
  beforeEach(() => {
    sentinel.answer(masterAt(redis.port))
    sentinel.delay(0)
    sentinel.name()
  })

  it('F28: works again when the new master is announced while the sentinels are asked for it', async () => {
    const store = await open()
    const pair = newPair()
    await store.secrets.create(pair, START)
    sentinel.delay(400)
    const before = sentinel.asked()
    await redis.kill()
    await expect.poll(() => sentinel.asked()).toBeGreaterThan(before)
    sentinel.switchMaster()
    await expect(store.secrets.claim(pair.id, READ, START)).rejects.toMatchObject(UNAVAILABLE)
    await redis.start()
    await recovery(store)
    expect(await store.secrets.claim(pair.id, READ, START)).toMatchObject({ kind: 'claimed' })
  })

  it.each([
    ['an answer to nothing', '+OK\r\n'],
    ['a nil that nobody asked for', '$-1\r\n'],
    ['an empty push', '>0\r\n'],
    ['a message without a channel', '>1\r\n$7\r\nmessage\r\n'],
    ['no protocol at all', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
  ])('survives a sentinel that says %s', async (_, message) => {
    const store = await open()
    sentinel.delay(50)
    sentinel.say(message)
    const before = sentinel.asked()
    await redis.kill()
    await expect.poll(() => sentinel.asked()).toBeGreaterThan(before)
    sentinel.say(message)
    await redis.start()
    await recovery(store)
  })

  it.each([
    ['nil', '*-1\r\n'],
    ['an error', '-ERR no such master\r\n'],
    ['a number', ':7\r\n'],
    ['a list of nothing', '*0\r\n'],
    ['a list of nil', '*2\r\n$-1\r\n$-1\r\n'],
    ['a port that cannot be', masterAt(99_999)],
    ['two answers', `${masterAt(1)}$-1\r\n`],
  ])('survives a sentinel that answers with %s instead of the address', async (_, answer) => {
    const store = await open()
    sentinel.answer(answer)
    const before = sentinel.asked()
    await redis.kill()
    await expect.poll(() => sentinel.asked()).toBeGreaterThan(before + 1)
    await redis.start()
    sentinel.answer(masterAt(redis.port))
    await recovery(store)
  })

  it('asks the sentinels that a sentinel names when it is gone itself', async () => {
    const second = await startFakeSentinel(redis.port)
    onTestFinished(() => second.stop())
    sentinel.name(second.port)
    const store = await open()
    sentinel.answer('-ERR no such master\r\n')
    await redis.kill()
    await expect.poll(() => second.asked()).toBeGreaterThan(0)
    await redis.start()
    await recovery(store)
  })

  async function open(): Promise<Store> {
    const credentials = redis.url.slice('redis://'.length, redis.url.lastIndexOf('127.0.0.1'))
    const store = await openRedisStore(`redis+sentinel://${credentials}127.0.0.1:${sentinel.port}/ember`, {
      timeoutMs: 1000,
      reopenAfterMs: 60_000,
    })
    onTestFinished(() => store.close())
    return store
  }
})

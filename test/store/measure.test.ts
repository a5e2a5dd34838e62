import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { secretExpiry } from '../../src/secrets/records.ts'
import { openLmdbStore } from '../../src/store/lmdb/open.ts'
import { createOldestUnread, estimateUnread } from '../../src/store/measurement.ts'
import { openRedisStore } from '../../src/store/redis/open.ts'
import type { Store } from '../../src/store/store.ts'
import { milliseconds } from '../../src/time.ts'
import { newPair, READ, START } from '../contract/samples.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { later } from '../support/time.ts'

const MANY = 3000

let redis: RedisServer
let folder: string
let now = START
beforeAll(async () => {
  folder = mkdtempSync(`${tmpdir()}/emberlink-measure-`)
  redis = await startRedis()
})
afterAll(async () => {
  await redis.stop()
  rmSync(folder, { recursive: true, force: true })
})

const OPEN = {
  'the embedded store': () => openLmdbStore(folder, { clock: () => now }),
  Redis: () => openRedisStore(redis.url, { now: () => now }),
}

describe.each(Object.entries(OPEN))('measuring %s', (name, open) => {
  it('counts the unread secrets, and knows the oldest, while they are few', async () => {
    now = later(START, 60_000)
    const store = await opened(open)
    expect(await store.measure()).toMatchObject({ unread: 0 })
    expect(await store.measure()).not.toHaveProperty('oldestUnread')
    const [oldest, second, read, expired] = [
      newPair(),
      newPair({}, { created: later(START, 1000) }),
      newPair({}, { created: later(START, -1000) }),
      newPair({}, { created: later(START, -590_000) }),
    ]
    for (const pair of [oldest, second, read, expired]) await store.secrets.create(pair, START)
    await store.secrets.claim(read.id, READ, START)
    now = secretExpiry(expired.receipt)
    const unexpired = { unread: name === 'Redis' ? 3 : 2, oldestUnread: START }
    // Redis deletes an expired secret by itself, some seconds later.
    expect(await store.measure()).toMatchObject(unexpired)
    await store.secrets.claim(oldest.id, READ, START)
    expect(await store.measure()).toMatchObject({ oldestUnread: later(START, 1000) })
    await store.secrets.withdraw(second.id)
    expect(await store.measure()).not.toHaveProperty('oldestUnread')
  })

  it('estimates them from a sample while they are many, and finds the oldest in the end', async () => {
    now = later(START, 60_000)
    const store = await opened(open)
    const oldest = newPair({}, { created: later(START, -9000) })
    const pairs = Array.from({ length: MANY }, () => newPair())
    for (const pair of [oldest, ...pairs]) void store.secrets.create(pair, START)
    await store.reachable()
    await Promise.all(pairs.slice(0, MANY / 2).map(({ id }) => store.secrets.claim(id, READ, START)))
    const { unread = 0 } = await store.measure()
    // Six times the standard deviation of a sample of 256.
    expect(unread).toBeGreaterThan(MANY / 2 - MANY * 0.19)
    expect(unread).toBeLessThan(MANY / 2 + MANY * 0.19)
    const seen = new Set<number | undefined>()
    await expect
      .poll(async () => {
        const { oldestUnread } = await store.measure()
        seen.add(oldestUnread)
        return oldestUnread
      })
      .toBe(oldest.receipt.created)
    expect((await store.measure()).oldestUnread).toBe(oldest.receipt.created)
    expect([...seen].every((created) => created === START || created === oldest.receipt.created)).toBe(true)
  })
})

describe('measuring Redis', () => {
  it('names its memory, counts no key of others, and says nothing where INFO is not permitted', async () => {
    now = START
    await redis.client.flushall()
    await redis.client.mset('other', '1', 'el:other', '2', 'el:s:', '3')
    const store = await opened(OPEN.Redis)
    await store.secrets.create(newPair(), START)
    const { bytes = 0, unread } = await store.measure()
    expect(bytes).toBeGreaterThan(100_000)
    expect(unread).toBe(1)
    for (const missing of ['info', 'scan']) {
      await redis.client.acl('SETUSER', 'guest', 'on', '>word', '~*', '+@all', `-${missing}`)
      const guest = await openRedisStore(redis.url.replace(/\/\/.*@/, '//guest:word@'))
      onTestFinished(() => guest.close())
      expect(await guest.measure()).toEqual({})
    }
  })

  it('ends when most keys expire after Redis has counted them', async () => {
    const { client } = redis
    await client.flushall()
    const store = await opened(OPEN.Redis)
    const keys = Array.from({ length: 600 }, (_, index) => `${index}`)
    await Promise.all(keys.map((key) => client.set(key, '', 'PX', 1000)))
    // Redis deletes nothing while writes are paused, so it goes on counting keys that have expired.
    await client.client('PAUSE', 60_000, 'WRITE')
    onTestFinished(() => void client.client('UNPAUSE'))
    await expect.poll(() => client.exists(...keys), { timeout: 10_000 }).toBe(0)
    expect(await client.info('keyspace')).toContain('keys=600')
    expect(await store.measure()).toMatchObject({ unread: 0 })
  })
})

describe('measuring the embedded store', () => {
  it('names its file, and when it was last backed up, also in a store restored from that backup', async () => {
    now = later(START, 5000)
    const store = await opened(OPEN['the embedded store'])
    expect(await store.measure()).toHaveProperty('lastBackup', 'never')
    await store.recordBackup()
    await store.backUp(`${folder}/copy`)
    expect(await store.measure()).toHaveProperty('lastBackup', 'never')
    now = later(START, 9000)
    await store.recordBackup()
    expect(await store.measure()).toMatchObject({
      bytes: statSync(`${folder}/secrets.mdb`).size,
      lastBackup: later(START, 5000),
    })
    await store.backUp(`${folder}/without`, { unread: 'left out' })
    for (const [copy, at] of [
      ['copy', 5000],
      ['without', 9000],
    ] as const) {
      const restored = await opened(() => openLmdbStore(`${folder}/${copy}`, { clock: () => now }))
      expect(await restored.measure(), copy).toHaveProperty('lastBackup', later(START, at))
    }
  })
})

it('estimates no more secrets than there are records, and none in an empty store', () => {
  expect(estimateUnread([])).toBe(0)
  expect(estimateUnread([{ records: 0, size: 0, unread: [] }])).toBe(0)
  expect(estimateUnread([{ records: 1000, size: 100, unread: [1, 2, 3] }])).toBe(30)
  expect(
    estimateUnread([
      { records: 10, size: 10, unread: [1] },
      { records: 20, size: 10, unread: [1] },
    ]),
  ).toBe(3)
})

it('remembers the oldest unread secret until it is no longer unread', async () => {
  const created = new Map([
    ['a', milliseconds(1)],
    ['b', milliseconds(2)],
    ['c', milliseconds(3)],
  ])
  const oldest = createOldestUnread(async (id: string) => created.get(id))
  expect(await oldest.among(['c', 'b'])).toBe(2)
  expect(await oldest.among(['c'])).toBe(2)
  expect(await oldest.among(['a'])).toBe(1)
  created.delete('a')
  expect(await oldest.among(['c'])).toBe(3)
  created.clear()
  expect(await oldest.among([])).toBeUndefined()
})

async function opened<T extends Store>(open: () => Promise<T>): Promise<T> {
  const store = await open()
  onTestFinished(() => store.close())
  return store
}

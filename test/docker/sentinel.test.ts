import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openRedisStore } from '../../src/store/redis/store.ts'
import { newPair, READ, START } from '../contract/samples.ts'
import { watchAccess } from './access.ts'
import { type Node, newStack, type Stack } from './stack.ts'

describe('docker/sentinel.yml', () => {
  let stack: Stack
  let redis: Node[]
  let sentinels: Node[]
  beforeAll(async () => {
    stack = await newStack('docker/sentinel.yml')
    redis = []
    for (const service of ['redis', 'redis-2', 'redis-3']) redis.push(await stack.start(service))
    sentinels = await Promise.all(
      ['sentinel-1', 'sentinel-2', 'sentinel-3'].map((service) => stack.start(service)),
    )
    await vi.waitFor(async () => {
      for (const { admin } of sentinels) {
        expect(await admin.info('sentinel')).toMatch(/status=ok,.*slaves=2,sentinels=3/)
      }
      expect(await redis[0]?.admin.info('replication')).toMatch(/state=online[\s\S]*state=online/)
    }, 20_000)
  }, 40_000)
  afterAll(() => stack.stop())

  it('replaces a lost master, and what was answered before holds after; the old master comes back as replica', async () => {
    const [master] = redis as [Node]
    const store = await openRedisStore(stack.url)
    expect(await store.warnings()).toEqual([])
    const [unread, read] = [newPair(), newPair()]
    await store.secrets.create(unread, START)
    await store.secrets.create(read, START)
    expect(await store.secrets.claim(read.id, READ, START)).toMatchObject({ kind: 'claimed' })

    await master.kill()
    await vi.waitFor(() => store.ready(), { timeout: 40_000, interval: 200 })
    expect(await store.secrets.claim(read.id, READ, START)).toEqual({ kind: 'gone' })
    expect(await store.secrets.claim(unread.id, READ, START)).toMatchObject({ kind: 'claimed' })

    await master.start()
    await vi.waitFor(
      async () => expect(await master.admin.info('replication')).toMatch(/role:slave[\s\S]*link_status:up/),
      40_000,
    )
    await store.close()
  }, 120_000)

  it('lets each user do its work', async () => {
    const access = watchAccess()
    await access.note(...redis)
    expect(access.denied).toEqual([])
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRedisStore } from '../../src/store/redis/open.ts'
import { available, newPair, READ, START } from '../contract/samples.ts'
import { patiently } from '../support/recovery.ts'
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
    await patiently(async () => {
      for (const { admin } of sentinels) {
        expect(await admin.info('sentinel')).toMatch(/status=ok,.*slaves=2,sentinels=3/)
      }
      expect(await redis[0]?.admin.info('replication')).toMatch(/state=online[\s\S]*state=online/)
    })
  })
  afterAll(() => stack.stop())

  it('replaces a lost master, keeps every acknowledged create and claim, and takes the old master back as a replica', async () => {
    const [master] = redis as [Node]
    const store = await openRedisStore(stack.url)
    expect(await store.warnings()).toEqual([])
    const [unread, read] = [newPair(), newPair()]
    await store.secrets.create(unread, START)
    await store.secrets.create(read, START)
    expect(await store.secrets.claim(read.id, READ, START)).toMatchObject({ kind: 'claimed' })

    await master.kill()
    expect(await patiently(() => store.secrets.peek(read.id, START))).toBeUndefined()
    expect(await patiently(() => store.secrets.peek(unread.id, START))).toEqual(available(unread))
    await expect(store.secrets.claim(unread.id, READ, START)).rejects.toMatchObject({
      code: 'store_unavailable',
      detail: { reason: 'too_few_replicas' },
    })

    await master.start()
    await expect.poll(() => master.admin.info('replication')).toMatch(/role:slave[\s\S]*link_status:up/)
    expect(await patiently(() => store.secrets.claim(read.id, READ, START))).toEqual({ kind: 'gone' })
    expect(await store.secrets.claim(unread.id, READ, START)).toMatchObject({ kind: 'claimed' })
    await store.close()
  })

  it('permits every user of Redis what it needs', async () => {
    const access = watchAccess()
    await access.note(...redis)
    expect(access.denied).toEqual([])
  })
})

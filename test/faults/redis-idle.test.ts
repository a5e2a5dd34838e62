import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { openRedisStore } from '../../src/store/redis/open.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { type RedisGroup, startCluster, startSentinel } from '../support/redis-groups.ts'

/** Redis closes connections that are idle for so long; it looks about once a second. */
const IDLE_S = 2

describe('F38: an idle store on a Redis that closes idle connections', () => {
  let redis: RedisServer
  let cluster: RedisGroup
  let sentinel: RedisGroup
  beforeAll(async () => {
    ;[redis, cluster, sentinel] = await Promise.all([startRedis(), startCluster(), startSentinel()])
    // The sentinels, last in their group, have no such setting.
    const servers = [redis, ...cluster.servers, ...sentinel.servers.slice(0, 3)]
    await Promise.all(servers.map(({ client }) => client.config('SET', 'timeout', String(IDLE_S))))
  })
  afterAll(() => Promise.all([redis.stop(), cluster.stop(), sentinel.stop()]))

  // They only wait.
  it.concurrent.for([
    ['one Redis', () => redis.url],
    ['a cluster', () => cluster.url],
    ['the master of Sentinel', () => sentinel.url],
  ] as const)(
    'reports no fault, and its next call works, on %s',
    async ([_, url], { expect, onTestFinished }) => {
      const faults: string[] = []
      const store = await openRedisStore(url(), { onFault: ({ message }) => faults.push(message) })
      onTestFinished(() => store.close())
      await sleep(2.5 * IDLE_S * 1000)
      expect(await store.accounts.list()).toEqual([])
      expect(faults).toEqual([])
    },
  )
})

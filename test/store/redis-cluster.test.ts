import { afterAll, beforeAll, describe, expect } from 'vitest'
import { secretKey } from '../../src/store/redis/keys.ts'
import { openRedisStore } from '../../src/store/redis/store.ts'
import { storeContract } from '../contract/store.ts'
import { type RedisGroup, startCluster } from '../support/redis.ts'

describe('the store on a Redis Cluster of three masters', () => {
  let cluster: RedisGroup
  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster.stop())

  storeContract({
    open: () => openRedisStore(cluster.url),
    opener: () => ({ module: 'store/redis/store.js', name: 'openRedisStore', args: [cluster.url] }),
    async evict(id) {
      const answers = await Promise.allSettled(cluster.servers.map(({ client }) => client.del(secretKey(id))))
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    },
  })
})

import { afterAll, beforeAll, describe } from 'vitest'
import { secretKey } from '../../src/store/redis/keys.ts'
import { openRedisStore } from '../../src/store/redis/store.ts'
import { storeContract } from '../contract/store.ts'
import { type RedisGroup, startSentinel } from '../support/redis.ts'

describe('the store on Redis with replicas and Sentinel', () => {
  let group: RedisGroup
  beforeAll(async () => {
    group = await startSentinel()
  })
  afterAll(() => group.stop())

  storeContract({
    open: () => openRedisStore(group.url),
    opener: () => ({ module: 'store/redis/store.js', name: 'openRedisStore', args: [group.url] }),
    async evict(id) {
      await group.servers[0]?.client.del(secretKey(id))
    },
  })
})

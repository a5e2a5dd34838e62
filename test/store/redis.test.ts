import { afterAll, beforeAll, describe } from 'vitest'
import { secretKey } from '../../src/store/redis/keys.ts'
import { openRedisStore } from '../../src/store/redis/store.ts'
import { storeContract } from '../contract/store.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'

describe('the store on one Redis', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())

  storeContract({
    open: () => openRedisStore(redis.url),
    opener: () => ({ module: 'store/redis/store.js', name: 'openRedisStore', args: [redis.url] }),
    evict: async (id) => {
      await redis.client.del(secretKey(id))
    },
    async restart() {
      await redis.kill()
      await redis.start()
    },
  })
})

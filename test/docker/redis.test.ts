import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { secretKey } from '../../src/store/redis/keys.ts'
import { openRedisStore } from '../../src/store/redis/store.ts'
import { storeContract } from '../contract/store.ts'
import { type ShippedRedis, startShipped } from './shipped-redis.ts'

describe('the shipped redis.conf and users.acl', () => {
  let redis: ShippedRedis
  let url: string
  beforeAll(async () => {
    redis = await startShipped(['emberlink'])
    url = `redis://emberlink:${redis.password('emberlink')}@127.0.0.1:${redis.port}`
    await redis.admin.acl('LOG', 'RESET')
  })
  afterAll(() => redis.stop())

  storeContract({
    open: () => openRedisStore(url),
    opener: () => ({ module: 'store/redis/store.js', name: 'openRedisStore', args: [url] }),
    evict: async (id) => {
      await redis.admin.del(secretKey(id))
    },
    async restart() {
      await redis.kill()
      await redis.start()
    },
  })

  it('denies', async () => {
    console.log(await redis.admin.acl('LOG'), await redis.admin.info('commandstats'))
  })
})

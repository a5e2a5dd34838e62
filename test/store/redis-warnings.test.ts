import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openRedisStore } from '../../src/store/redis/open.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'

describe('warnings about Redis', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())

  it('raises no warnings about the shipped configuration', async () => {
    expect(await warningsOf(redis.url)).toEqual([])
  })

  it.each([
    ['maxmemory-policy', 'allkeys-lru', /evict unread secrets: maxmemory-policy is allkeys-lru/],
    ['maxmemory-policy', 'volatile-ttl', /evict unread secrets: maxmemory-policy is volatile-ttl/],
    ['appendonly', 'no', /when it restarts: appendonly/],
    ['appendfsync', 'everysec', /when it crashes: appendfsync is everysec/],
    [
      'save',
      '3600 1',
      /snapshots, which may hold a secret that is revealed later: save is "3600 1", not ""$/,
    ],
    ['requirepass', '', /without a password/],
  ])('raises a warning when %s is "%s"', async (setting, value, line) => {
    const [, sound] = (await redis.client.config('GET', setting)) as [string, string]
    await redis.client.config('SET', 'maxmemory', '100mb')
    await redis.client.config('SET', setting, value)
    const found = await warningsOf(setting === 'requirepass' ? `redis://127.0.0.1:${redis.port}` : redis.url)
    await redis.client.config('SET', setting, sound)
    expect(found).toEqual([expect.stringMatching(line)])
  })

  it('raises no warnings about an eviction policy that can never act', async () => {
    await redis.client.config('SET', 'maxmemory', '0', 'maxmemory-policy', 'allkeys-lru')
    expect(await warningsOf(redis.url)).toEqual([])
    await redis.client.config('SET', 'maxmemory-policy', 'noeviction')
  })

  it('F17: raises a warning when Redis gets a password that it does not require', async () => {
    await redis.client.acl('SETUSER', 'default', 'nopass')
    await redis.client.acl('SETUSER', 'member', 'on', '>word', '~*', '+@all')
    const found = await warningsOf(`redis://member:word@127.0.0.1:${redis.port}`)
    await redis.client.acl('SETUSER', 'default', 'resetpass', `>${redis.password}`)
    expect(found).toEqual(['Redis accepts clients without a password'])
  })

  it('raises a warning for each check that Redis does not permit', async () => {
    await redis.client.acl('SETUSER', 'guest', 'on', '>word', '~*', '+@all', '-info', '-config')
    expect(await warningsOf(`redis://guest:word@127.0.0.1:${redis.port}`)).toEqual([
      expect.stringMatching(/could not be checked: INFO/),
      expect.stringMatching(/writes snapshots, could not be checked: CONFIG GET/),
    ])
  })

  async function warningsOf(url: string): Promise<string[]> {
    const store = await openRedisStore(url)
    onTestFinished(() => store.close())
    return store.warnings()
  }
})

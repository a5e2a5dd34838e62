import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { everyCheck } from '../../src/conformance/checks/every.ts'
import { checkServer } from '../../src/conformance/session.ts'
import { secretRecord } from '../../src/store/redis/keys.ts'
import { openRedisStore } from '../../src/store/redis/open.ts'
import { startTestServer } from '../../src/testing.ts'
import { ANA } from '../api/client.ts'
import { newPair, READ, START } from '../contract/samples.ts'
import { storeContract } from '../contract/store.ts'
import { patiently } from '../support/recovery.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { fetchRedisVersion, REDIS_VERSIONS } from '../support/redis-versions.ts'
import { ROOT_KEY } from '../support/root-keys.ts'

const HANG_MS = 60_000

describe.each(REDIS_VERSIONS)('the store on %s', (version) => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis({}, await fetchRedisVersion(version))
  })
  afterAll(() => redis.stop())

  storeContract({
    open: () => openRedisStore(redis.url),
    opener: () => ({ module: 'store/redis/open.js', name: 'openRedisStore', args: [redis.url] }),
    async evict(id) {
      await redis.client.del(secretRecord(id))
    },
    async restart() {
      await redis.kill()
      await redis.start()
    },
  })

  it('is the version that its name says, and raises no warnings', async () => {
    const info = await redis.client.info('server')
    const [name, number = ''] = version.split(' ')
    expect(info).toContain(`${name === 'Valkey' ? 'valkey' : 'redis'}_version:${number}.`)
    const store = await openRedisStore(redis.url)
    expect(await store.warnings()).toEqual([])
    await store.close()
  })

  it('calls no secret gone whose claim the replicas have not confirmed', async () => {
    const open = async () => {
      const store = await openRedisStore(`${redis.url}?replicas=1`)
      onTestFinished(() => store.close())
      return store
    }
    const replica = await startRedis(
      { replicaof: `127.0.0.1 ${redis.port}` },
      await fetchRedisVersion(version),
    )
    onTestFinished(() => replica.stop())
    await patiently(async () => expect(await redis.client.wait(1, 100)).toBe(1))
    const [one, other, third] = await Promise.all([open(), open(), open()])
    const pair = newPair()
    await patiently(() => one.secrets.create(pair, START))
    for (const { secrets } of [other, third]) {
      expect(await patiently(() => secrets.claim(newPair().id, READ, START))).toEqual({ kind: 'gone' })
    }
    const keys = await redis.client.dbsize()
    // As full as can be: that must change nothing.
    await redis.client.config('SET', 'maxmemory', '1')
    await replica.pause()
    await expect(one.secrets.claim(pair.id, READ, START)).rejects.toMatchObject({
      code: 'store_unavailable',
    })
    const unconfirmed = { code: 'store_unavailable', cause: { message: '0 of 1 replicas confirmed a write' } }
    await expect(other.secrets.claim(pair.id, READ, START)).rejects.toMatchObject(unconfirmed)
    await expect(third.secrets.take(pair.id, 'received', START)).rejects.toMatchObject(unconfirmed)
    await replica.resume()
    expect(await patiently(() => other.secrets.claim(pair.id, READ, START))).toEqual({ kind: 'gone' })
    expect(await patiently(() => third.secrets.take(pair.id, 'received', START))).toBe(false)
    await redis.client.config('SET', 'maxmemory', '0')
    expect(await redis.client.dbsize()).toBeLessThan(keys)
  })

  it('serves every section of the v1 API', async () => {
    await redis.client.flushall()
    const server = await startTestServer({
      accounts: { [ANA.email]: ANA.token },
      settings: { REDIS_URL: redis.url, ROOT_KEY },
    })
    const checks = everyCheck.filter(({ id }) => id.startsWith('v1/'))
    expect(checks.length).toBeGreaterThan(10)
    const target = { base: new URL(server.url), account: ANA, timeoutMs: HANG_MS }
    const { results } = await checkServer(target, checks)
    expect(results.filter(({ outcome }) => outcome !== 'agrees')).toEqual([])
    expect(results).toHaveLength(checks.length)
    await server.close()
  })
})

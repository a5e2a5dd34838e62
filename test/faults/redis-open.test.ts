import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRedisStore } from '../../src/store/redis/store.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { freePort } from '../support/redis-process.ts'

const QUICK_MS = 400

describe('F24: a Redis that cannot be opened is told with its reason, in bounded time', () => {
  let redis: RedisServer
  let nobody: number
  beforeAll(async () => {
    redis = await startRedis()
    nobody = await freePort()
  })
  afterAll(() => redis.stop())

  it.each([
    ['nobody is there', () => `redis://127.0.0.1:${nobody}`, /ECONNREFUSED 127\.0\.0\.1:\d+/],
    ['its name is unknown', () => 'redis://no-such-host.invalid', /ENOTFOUND|EAI_AGAIN/],
    ['it wants a password', () => `redis://127.0.0.1:${redis.port}`, /^NOAUTH/],
    ['it wants another password', () => `redis://:PASSWORD@127.0.0.1:${redis.port}`, /^WRONGPASS/],
    ['it has no such database', () => `${redis.url}/999`, /DB index is out of range/],
    ['it does not speak TLS', () => redis.url.replace('redis:', 'rediss:'), /./],
    ['no node of the cluster is there', () => `redis+cluster://127.0.0.1:${nobody}`, /ECONNREFUSED|closed/],
    ['it is no cluster', () => redis.url.replace('redis:', 'redis+cluster:'), /cluster support disabled/],
    [
      'no sentinel is there',
      () => `redis+sentinel://127.0.0.1:${nobody}/ember`,
      /failed to connect to sentinel/,
    ],
  ])('%s', async (_, url, reason) => {
    const started = Date.now()
    await expect(openRedisStore(url(), { timeoutMs: QUICK_MS })).rejects.toMatchObject({
      code: 'store_unavailable',
      cause: { message: expect.stringMatching(reason) },
    })
    await expect(openRedisStore(url(), { timeoutMs: QUICK_MS })).rejects.not.toMatchObject({
      cause: { message: expect.stringContaining('PASSWORD') },
    })
    expect(Date.now() - started).toBeLessThan(4 * QUICK_MS)
  })

  it.each(['redis', 'redis+cluster', 'redis+sentinel'])(
    '%s: it takes the call and says nothing',
    async (scheme) => {
      const silent = createServer().listen(0, '127.0.0.1')
      const { port } = await new Promise<{ port: number }>((resolve) =>
        silent.once('listening', () => resolve(silent.address() as { port: number })),
      )
      const started = Date.now()
      await expect(
        openRedisStore(`${scheme}://127.0.0.1:${port}/${scheme.endsWith('sentinel') ? 'ember' : ''}`, {
          timeoutMs: QUICK_MS,
        }),
      ).rejects.toMatchObject({
        code: 'store_unavailable',
        cause: { message: expect.stringMatching(/./) },
      })
      expect(Date.now() - started).toBeLessThan(4 * QUICK_MS)
      silent.close()
    },
  )

  it('an address that is none is told as such', async () => {
    await expect(openRedisStore('redis://a,b')).rejects.toThrow(TypeError)
  })
})

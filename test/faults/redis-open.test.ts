import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRedisStore } from '../../src/store/redis/open.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { freePort } from '../support/redis-process.ts'

const QUICK_MS = 400

describe('F24: opening a Redis that does not serve', () => {
  let redis: RedisServer
  let free: number
  beforeAll(async () => {
    redis = await startRedis()
    free = await freePort()
  })
  afterAll(() => redis.stop())

  it.each([
    ['no server listens', () => `redis://127.0.0.1:${free}`, /ECONNREFUSED 127\.0\.0\.1:\d+/],
    ['the name of the host is unknown', () => 'redis://no-such-host.invalid', /ENOTFOUND|EAI_AGAIN/],
    ['Redis requires a password', () => `redis://127.0.0.1:${redis.port}`, /^NOAUTH/],
    ['the password is wrong', () => `redis://:PASSWORD@127.0.0.1:${redis.port}`, /^WRONGPASS/],
    ['the database does not exist', () => `${redis.url}/999`, /DB index is out of range/],
    ['Redis does not speak TLS', () => redis.url.replace('redis:', 'rediss:'), /./],
    ['no node of the cluster listens', () => `redis+cluster://127.0.0.1:${free}`, /ECONNREFUSED|closed/],
    ['Redis is no cluster', () => redis.url.replace('redis:', 'redis+cluster:'), /cluster support disabled/],
    [
      'no sentinel listens',
      () => `redis+sentinel://127.0.0.1:${free}/ember`,
      /failed to connect to sentinel/,
    ],
  ])('fails with the reason, and no password in it, when %s', async (_, url, reason) => {
    await expect(openRedisStore(url(), { timeoutMs: QUICK_MS })).rejects.toMatchObject({
      code: 'store_unavailable',
      cause: { message: expect.stringMatching(reason) },
    })
    await expect(openRedisStore(url(), { timeoutMs: QUICK_MS })).rejects.not.toMatchObject({
      cause: { message: expect.stringContaining('PASSWORD') },
    })
  })

  it.each(['redis', 'redis+cluster', 'redis+sentinel'])(
    'fails by its timeout when a server of %s:// accepts the connection and never answers',
    async (scheme) => {
      const silent = createServer().listen(0, '127.0.0.1')
      const { port } = await new Promise<{ port: number }>((resolve) =>
        silent.once('listening', () => resolve(silent.address() as { port: number })),
      )
      await expect(
        openRedisStore(`${scheme}://127.0.0.1:${port}/${scheme.endsWith('sentinel') ? 'ember' : ''}`, {
          timeoutMs: QUICK_MS,
        }),
      ).rejects.toMatchObject({
        code: 'store_unavailable',
        cause: { message: expect.stringMatching(/./) },
      })
      silent.close()
    },
  )

  it('throws a TypeError for an invalid address', async () => {
    await expect(openRedisStore('redis://a,b')).rejects.toThrow(TypeError)
  })
})

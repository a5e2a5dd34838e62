import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { api, failure } from '../api/client.ts'
import { run, serve } from '../commands/emberlink.ts'
import { messagesOf } from '../support/json-log.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { ROOT_KEY } from '../support/root-keys.ts'

const AWAY = { status: 503, body: { status: 'unavailable', reason: 'store_unavailable' } }

const ready = async (url: string) => {
  const answer = await fetch(`${url}/health/ready`)
  return { status: answer.status, body: await answer.json() }
}

describe('a start while Redis is away', () => {
  let redis: RedisServer
  beforeEach(async () => {
    redis = await startRedis()
    onTestFinished(() => redis.stop())
    await redis.kill()
  })

  it.each(['1', '2'])(
    'listens with %s worker(s), is not ready, and serves once Redis is there',
    async (WORKERS) => {
      const server = await serve({ REDIS_URL: redis.url, ROOT_KEY, WORKERS })
      expect(await ready(server.url)).toEqual(AWAY)
      expect(await api(server).post('/share', { secret: 'a' })).toEqual({
        ...failure(503, 'The service is not available at the moment'),
        retryAfter: 5,
      })
      expect((await api(server).get('/status')).body).toEqual({ status: 'offline' })
      await expect.poll(server.output).toMatch(/"REDIS_URL: [^"]*ECONNREFUSED.*"the store has a fault"/)

      await redis.start()
      // Each worker has a connection of its own.
      for (let i = 0; i < 5 * Number(WORKERS); i += 1)
        await expect.poll(() => ready(server.url)).toEqual({ status: 200, body: { status: 'ready' } })
      const { body } = await api(server).post('/share', { secret: 'a' })
      expect((await api(server).post(`/secret/${body.secret_key}`)).body.value).toBe('a')
      expect(server.output()).not.toMatch(/p@ss|p%40ss/)
      expect((await server.stop()).code).toBe(0)
    },
  )

  it('ends with 0 on SIGTERM before Redis is there', async () => {
    const server = await serve({ REDIS_URL: redis.url, ROOT_KEY })
    expect((await server.stop()).code).toBe(0)
  })

  it.each([
    ['check', ['check']],
    ['account list', ['account', 'list']],
  ])('F24: makes `emberlink %s` fail at once, with the reason and no secret', async (_, command) => {
    const { code, stderr } = await run(command, { REDIS_URL: redis.url, ROOT_KEY })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^emberlink: store_unavailable: REDIS_URL: .*ECONNREFUSED.*\n$/)
    expect(stderr).not.toMatch(/p@ss|p%40ss|9a3f17c0/)
  })
})

describe('a start on a Redis that rejects the connection', () => {
  let redis: RedisServer
  beforeEach(async () => {
    redis ??= await startRedis()
  })
  afterAll(() => redis.stop())

  it.each([
    ['the password is wrong', () => `redis://:hunter2hunter2@127.0.0.1:${redis.port}`, 'WRONGPASS'],
    ['the password is missing', () => `redis://127.0.0.1:${redis.port}`, 'NOAUTH'],
    ['there is no such database', () => `${redis.url}/999`, 'ERR DB index'],
  ])('F24: ends with 1 and one line with the reason, and no secret, when %s', async (_, url, reason) => {
    const { code, stderr } = await run(['serve'], { REDIS_URL: url(), ROOT_KEY, PORT: '0' })
    expect(code).toBe(1)
    expect(messagesOf(stderr)).toMatch(new RegExp(`^store_unavailable: REDIS_URL: ${reason}.*\\n$`))
    expect(stderr).not.toMatch(/hunter2|p@ss|p%40ss|9a3f17c0/)
  })
})

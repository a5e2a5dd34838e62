import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openRedisStore } from '../../src/store/redis/open.ts'
import { milliseconds } from '../../src/time.ts'
import { run, serve } from '../commands/emberlink.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { freePort } from '../support/redis-process.ts'
import { ROOT_KEY } from '../support/root-keys.ts'

/** Makes Node start with a wall clock that is wrong by so many seconds. */
function wrongBy(seconds: number): { readonly NODE_OPTIONS: string } {
  const program = `const now=Date.now;Date.now=()=>now()+${seconds * 1000}`
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(program)}` }
}

async function readiness(url: string) {
  const answer = await fetch(`${url}/health/ready`)
  return { status: answer.status, body: await answer.json() }
}

describe('F32: a server whose clock differs from that of Redis', () => {
  let redis: RedisServer
  let settings: { readonly REDIS_URL: string; readonly ROOT_KEY: string }
  beforeAll(async () => {
    redis = await startRedis()
    settings = { REDIS_URL: redis.url, ROOT_KEY }
  })
  afterAll(() => redis.stop())

  it('is not ready ten minutes apart, says so in its log and its metrics, and leaves other servers ready', async () => {
    const METRICS = `127.0.0.1:${await freePort()}`
    const wrong = await serve({ ...settings, METRICS, ...wrongBy(600) })
    const right = await serve(settings)
    const warning = expect.stringMatching(/the clock of this server is (599|600) s ahead of that of Redis/)
    expect(await readiness(wrong.url)).toEqual({
      status: 503,
      body: { status: 'unavailable', reason: warning },
    })
    expect(await readiness(right.url)).toEqual({ status: 200, body: { status: 'ready' } })
    await expect.poll(wrong.output).toMatch(/"warning":"the clock of this server is \d+ s ahead/)
    const page = await (await fetch(`http://${METRICS}/metrics`)).text()
    const skew = Number(/^emberlink_clock_skew_seconds (\S+)$/m.exec(page)?.[1])
    expect(skew).toBeGreaterThan(-601)
    expect(skew).toBeLessThan(-590)
    expect(page).toMatch(/^emberlink_store_up 1$/m)
    await Promise.all([wrong.stop(), right.stop()])
  })

  it('is ready ten seconds apart, with a warning', async () => {
    const server = await serve({ ...settings, ...wrongBy(-10) })
    expect(await readiness(server.url)).toEqual({
      status: 200,
      body: {
        status: 'ready',
        warnings: [expect.stringMatching(/^the clock of this server is (9|10) s behind that of Redis/)],
      },
    })
    await server.stop()
  })

  it('is reported by `emberlink check`, which exits with 1', async () => {
    const { code, stdout } = await run(['check'], { ...settings, ...wrongBy(60) })
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringMatching(
        /\nwarning: the clock of this server is (59|60) s ahead of that of Redis/,
      ),
    })
  })

  it.each([0, 1500, -1500])('is no matter %s ms apart', async (offset) => {
    const store = await openAt(redis.url, offset)
    expect(await store.warnings()).toEqual([])
    expect(await store.ready()).toEqual({ clockSkew: expect.any(Number), warnings: [] })
  })

  it('is unknown, and no fault, where Redis does not permit TIME', async () => {
    await redis.client.acl('SETUSER', 'guest', 'on', '>word', '~*', '+@all', '-time')
    const store = await openAt(`redis://guest:word@127.0.0.1:${redis.port}`, 600_000)
    expect(await store.warnings()).toEqual([])
    expect(await store.ready()).toEqual({ warnings: [] })
  })

  async function openAt(url: string, offsetMs: number) {
    const store = await openRedisStore(url, { now: () => milliseconds(Date.now() + offsetMs) })
    onTestFinished(() => store.close())
    return store
  }
})

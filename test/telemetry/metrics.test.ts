import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ANA, api, basic } from '../api/client.ts'
import { run, serve, start, temporaryFolder } from '../commands/emberlink.ts'
import { startRedis } from '../support/redis.ts'
import { freePort } from '../support/redis-process.ts'
import { MARKS, sendMarked } from './marked.ts'
import { parse, REJECTED, startMetered } from './metered.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const BUILD_INFO = `emberlink_build_info{version="${version}",node="${process.versions.node}"}`

describe('the metrics', () => {
  it('include the versions of Emberlink and of Node.js', async () => {
    expect((await (await startMetered()).metrics()).get(BUILD_INFO)).toBe(1)
  })

  it('count the events of secrets', async () => {
    const server = await startMetered()
    const { get, post } = api(server)
    const share = async (params = {}) => (await post('/share', { secret: 'x', ...params })).body
    const [read, burned, expired, locked] = [
      await share(),
      await share(),
      await share({ ttl: '60' }),
      await share({ passphrase: 'right' }),
    ]
    await post(`/secret/${read.secret_key}`)
    await post(`/secret/${read.secret_key}`)
    await post(`/private/${burned.metadata_key}/burn`)
    await post(`/secret/${locked.secret_key}`, { passphrase: 'wrong' })
    server.advance(60)
    await get(`/private/${expired.metadata_key}`)
    const found = await server.metrics()
    const counted = Object.fromEntries(
      [...found].flatMap(([series, value]) => {
        const event = /^emberlink_secrets_total\{event="(\w+)"\}$/.exec(series)?.[1]
        return event === undefined ? [] : [[event, value]]
      }),
    )
    expect(counted).toEqual({
      created: 4,
      withdrawn: 0,
      received: 1,
      burned: 1,
      expired: 1,
      orphaned: 0,
      gone: 1,
      wrong_passphrase: 1,
      locked: 0,
      attempts_cleared: 0,
    })
  })

  it('count emails, and secrets withdrawn because their email could not be sent', async () => {
    const server = await startMetered()
    const ana = api(server, basic())
    await ana.post('/share', { secret: 'x', recipient: 'bo@example.com' })
    expect((await ana.post('/share', { secret: 'x', recipient: REJECTED })).status).toBe(502)
    const found = await server.metrics()
    expect(found.get('emberlink_mails_total{outcome="sent"}')).toBe(1)
    expect(found.get('emberlink_mails_total{outcome="failed"}')).toBe(1)
    expect(found.get('emberlink_mail_failures_total{reason="recipient_rejected"}')).toBe(1)
    expect(found.get('emberlink_mail_failures_total{reason="dns"}')).toBe(0)
    expect(found.get('emberlink_secrets_total{event="withdrawn"}')).toBe(1)
  })

  it('time requests by method, route and status, and operations of the store by outcome', async () => {
    const server = await startMetered()
    const { body } = await api(server).post('/share', { secret: 'x' })
    for (let i = 0; i < 3; i++) await api(server).get(`/private/${body.metadata_key}`)
    await api(server).post(`/secret/${body.secret_key}`)
    await api(server).post(`/secret/${body.secret_key}`)
    await api(server).get('/no/such/route')
    const found = await server.metrics()
    const requests = (labels: string) => found.get(`emberlink_http_request_duration_seconds_count{${labels}}`)
    expect(requests('method="POST",route="/api/v1/share",status="200"')).toBe(1)
    expect(requests('method="POST",route="/api/v1/secret/:key",status="200"')).toBe(1)
    expect(requests('method="POST",route="/api/v1/secret/:key",status="404"')).toBe(1)
    expect(requests('method="any",route="none",status="404"')).toBe(1)
    const operations = (operation: string) =>
      found.get(`emberlink_store_operation_duration_seconds_count{operation="${operation}",outcome="ok"}`)
    expect(operations('secrets.create')).toBe(1)
    expect(operations('secrets.claim')).toBe(2)
    expect(operations('rates.take')).toBe(3)
    expect(found.get('emberlink_store_up')).toBe(1)
    expect(found.get('process_resident_memory_bytes')).toBeGreaterThan(1e6)
    expect(found.get('nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0)
  })

  it('count rejected callers, and name the status that a 404 of v1 stands for', async () => {
    const limits = 'create=2/600,account-create=1/600,reveal=1/600,wrong-token=2/600,unreadable-body=1/600'
    const server = await startMetered({ RATE_LIMIT: limits })
    const [anyone, ana, mallory] = [
      api(server),
      api(server, basic()),
      api(server, basic(ANA.email, 'wrong-token-wrong-token')),
    ]
    const statuses = async (count: number, ask: () => Promise<{ status: number }>) => {
      const all = []
      for (let i = 0; i < count; i++) all.push((await ask()).status)
      return all
    }
    expect(await statuses(4, () => anyone.post('/share', { secret: 'x' }))).toEqual([200, 200, 429, 429])
    expect(await statuses(2, () => ana.post('/share', { secret: 'x' }))).toEqual([200, 429])
    expect(await statuses(2, () => anyone.post('/secret/unknown'))).toEqual([404, 429])
    expect(await statuses(4, () => mallory.post('/share', { secret: 'x' }))).toEqual([404, 404, 429, 429])
    const found = await server.metrics()
    const limited = (limit: string) => found.get(`emberlink_rate_limited_total{limit="${limit}"}`)
    expect(limited('create')).toBe(2)
    expect(limited('account-create')).toBe(1)
    expect(limited('reveal')).toBe(1)
    expect(limited('wrong-token')).toBe(2)
    expect(limited('sign-in')).toBe(0)
    expect(limited('other')).toBeUndefined()
    expect(found.get('emberlink_authentication_failures_total{way="v1"}')).toBe(2)
    expect(found.get('emberlink_authentication_failures_total{way="page"}')).toBe(0)
    const responses = (labels: string) => found.get(`emberlink_http_responses_total{method="POST",${labels}}`)
    expect(responses('route="/api/v1/share",status="200",intended="200"')).toBe(3)
    expect(responses('route="/api/v1/share",status="404",intended="401"')).toBe(2)
    expect(responses('route="/api/v1/share",status="429",intended="429"')).toBe(5)
    expect(responses('route="/api/v1/secret/:key",status="404",intended="404"')).toBe(1)
  })

  it('show how many secrets wait and since when, the size of the store, and its last backup', async () => {
    const DATA_DIR = await temporaryFolder()
    const server = await startMetered({ DATA_DIR })
    const gauge = async (name: string) => (await server.metrics()).get(`emberlink_${name}`)
    expect(await gauge('unread_secrets')).toBe(0)
    const shared = []
    for (let i = 0; i < 3; i++) shared.push((await api(server).post('/share', { secret: 'x' })).body)
    await api(server).post(`/secret/${shared[0]?.secret_key}`)
    server.advance(3600)
    await expect.poll(() => gauge('unread_secrets')).toBe(2)
    expect(await gauge('oldest_unread_seconds')).toBeGreaterThanOrEqual(3600)
    expect(await gauge('oldest_unread_seconds')).toBeLessThan(3700)
    expect(await gauge('store_bytes')).toBeGreaterThan(10_000)
    expect(await gauge('last_backup_timestamp_seconds')).toBe(0)
    const before = Date.now() / 1000
    expect((await run(['backup', `${await temporaryFolder()}/copy`], { DATA_DIR })).code).toBe(0)
    await expect.poll(() => gauge('last_backup_timestamp_seconds')).toBeGreaterThanOrEqual(before - 1)
  })

  it('show how many passphrases wait for Argon2', async () => {
    const server = await startMetered()
    const shares = Array.from({ length: 30 }, () =>
      api(server).post('/share', { secret: 'x', passphrase: 'p' }),
    )
    let most = 0
    for (let i = 0; i < 20 && most === 0; i++) {
      await sleep(10)
      most = (await server.metrics()).get('emberlink_argon2_waiting') ?? 0
    }
    await Promise.all(shares)
    expect(most).toBeGreaterThan(0)
    expect((await server.metrics()).get('emberlink_argon2_waiting')).toBe(0)
  })

  it('show that the store is down, and which operations failed', async () => {
    const redis = await startRedis()
    const server = await startMetered({ REDIS_URL: redis.url, ROOT_KEY: randomBytes(32).toString('hex') })
    const before = await server.metrics()
    expect(before.get('emberlink_store_up')).toBe(1)
    expect(before.get('emberlink_last_backup_timestamp_seconds')).toBeNaN()
    await redis.kill()
    expect((await api(server).post('/share', { secret: 'x' })).status).toBe(503)
    const found = await server.metrics()
    expect(found.get('emberlink_store_up')).toBe(0)
    await expect.poll(async () => (await server.metrics()).get('emberlink_unread_secrets')).toBeNaN()
    const failed = [...found.keys()].filter((series) => series.includes('outcome="store_unavailable"'))
    expect(failed.join()).toMatch(/operation="(rates\.take|secrets\.create)"/)
    expect(server.log()).toContain('the store has a fault')
    expect(server.log()).not.toContain(redis.password)
    await redis.stop()
  })

  it('have no label that a client chooses, however much it sends', async () => {
    const server = await startMetered()
    const ours = async () =>
      [...(await server.metrics()).keys()].filter((series) => series.startsWith('emberlink_'))
    const keys: string[] = []
    // In the second round, passphrase attempts are rejected as well.
    for (let i = 0; i < 2; i++) keys.push(...(await sendMarked(server.url)))
    const before = await ours()
    for (let i = 0; i < 4; i++) keys.push(...(await sendMarked(server.url)))
    expect(await ours()).toEqual(before)
    const page = await server.page()
    for (const mark of [...MARKS, ...keys]) expect(page).not.toContain(mark)
    expect(page).not.toContain('127.0.0.1')
    expect(page).not.toMatch(/[a-z0-9]{31}/)
  })

  it('are served at their own address only, and only for GET /metrics', async () => {
    const server = await startMetered()
    expect((await fetch(server.metricsUrl)).headers.get('content-type')).toMatch(
      /^text\/plain; version=0\.0\.4/,
    )
    expect((await fetch(`${server.url}/metrics`)).status).toBe(404)
    expect((await fetch(server.metricsUrl.replace('/metrics', '/'))).status).toBe(404)
    expect((await fetch(server.metricsUrl, { method: 'POST' })).status).toBe(404)
    expect((await fetch(`${server.metricsUrl}?debug`)).status).toBe(404)
  })

  it('are the sum of several workers', async () => {
    const metrics = await freePort()
    const server = await serve({
      DATA_DIR: await temporaryFolder(),
      WORKERS: '2',
      METRICS: `127.0.0.1:${metrics}`,
    })
    await Promise.all(Array.from({ length: 20 }, () => api(server).post('/share', { secret: 'x' })))
    const scrape = () => fetch(`http://127.0.0.1:${metrics}/metrics`)
    const found = parse(await (await scrape()).text())
    expect(found.get('emberlink_secrets_total{event="created"}')).toBe(20)
    expect(found.get('emberlink_store_up')).toBe(1)
    expect(found.get('emberlink_unread_secrets')).toBe(20)
    expect(found.get('emberlink_clock_skew_seconds')).toBeNaN()
    expect(found.get('emberlink_last_backup_timestamp_seconds')).toBe(0)
    expect(found.get(BUILD_INFO)).toBe(1)

    const pids = () =>
      [...server.output().matchAll(/"pid":(\d+),"msg":"Emberlink [^"]* listening/g)].map(([, pid]) =>
        Number(pid),
      )
    await expect.poll(pids).toHaveLength(2)
    const [victim = 0] = pids()
    process.kill(victim, 'SIGKILL')
    // Scraped while one dies and while another starts.
    const scrapes = new Set<string>()
    await expect
      .poll(async () => {
        const response = await scrape()
        const created = parse(await response.text()).get('emberlink_secrets_total{event="created"}')
        scrapes.add(`${response.status}, ${created} created`)
        return pids()
      })
      .toHaveLength(3)
    expect([...scrapes]).toEqual(['200, 20 created'])
    expect(server.output()).toContain(`"worker":${victim},"status":null,"signal":"SIGKILL"`)
    expect((await server.stop()).code).toBe(0)
  })

  it('stop the start with a clear error when their address is taken', async () => {
    const first = await startMetered()
    const { host } = new URL(first.metricsUrl)
    const { ended } = start(['serve'], { PORT: '0', DATA_DIR: await temporaryFolder(), METRICS: host })
    const { code, stderr } = await ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/METRICS: .*EADDRINUSE/)
  })
})

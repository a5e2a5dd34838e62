import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { startTestServer, type TestServer, type TestServerOptions } from '../src/testing.ts'
import { ANA, api, basic } from './api/client.ts'
import { processorMs } from './support/cost.ts'
import { control } from './testing/ways.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emberlink-kit-'))
  vi.stubEnv('TMPDIR', folder)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

async function start(options?: TestServerOptions) {
  const server = await startTestServer(options)
  onTestFinished(() => server.close())
  return server
}

describe('startTestServer', () => {
  it('serves the real API on a free port, with accounts, emails that are kept, and a clock to advance', async () => {
    const server = await start({ accounts: { [ANA.email]: ANA.token } })
    const shared = await api(server, basic()).post('/share', {
      secret: 'a',
      ttl: '60',
      recipient: 'x@example.com',
    })
    expect(server.mails).toMatchObject([
      { to: 'x@example.com', link: `${server.url}/secret/${shared.body.secret_key}`, sender: ANA.email },
    ])
    server.clock.advance(60)
    const receipt = await api(server).get(`/private/${shared.body.metadata_key}`)
    expect(receipt.body).toMatchObject({ state: 'expired', updated: Math.floor(server.clock.now() / 1000) })
  })

  it('costs less than a second of processor time', async () => {
    expect(await processorMs(() => start())).toBeLessThan(1000)
  })

  it('stops the clock until it is advanced', async () => {
    const { clock } = await start()
    const time = clock.now()
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(clock.now()).toBe(time)
    clock.advance(0.5)
    expect(clock.now()).toBe(time + 500)
  })

  it('starts two servers that share nothing', async () => {
    const [one, other] = await Promise.all([start(), start()])
    const { body } = await api(one).post('/share', { secret: 'a' })
    expect((await api(other).post(`/secret/${body.secret_key}`)).status).toBe(404)
    expect((await api(one).post(`/secret/${body.secret_key}`)).body.value).toBe('a')
  })

  it('reads settings by name, and none from the environment', async () => {
    vi.stubEnv('SECRET_MAX_BYTES', '5')
    vi.stubEnv('TTL_DEFAULT', 'nonsense')
    const server = await start({ settings: { SECRET_MAX_BYTES: '8' } })
    expect((await api(server).post('/share', { secret: '12345678' })).status).toBe(200)
    expect((await api(server).post('/share', { secret: '123456789' })).intended).toBe(413)
  })

  it('has no rate limits unless they are set', async () => {
    const check = (server: TestServer) =>
      api(server, basic('ana@example.com', 'wrong-token')).get('/authcheck')
    const server = await start()
    const checks = await Promise.all(Array.from({ length: 101 }, () => check(server)))
    expect(new Set(checks.map(({ intended }) => intended))).toEqual(new Set([401]))
    const limited = await start({ settings: { RATE_LIMIT: 'wrong-token=1/600' } })
    expect([(await check(limited)).intended, (await check(limited)).status]).toEqual([401, 429])
  })

  it('serves the control API to tests in other processes when asked to, as long as it runs', async () => {
    const server = await startTestServer({ control: true })
    onTestFinished(() => server.close())
    const { now } = (await control(server.control, 'GET /clock')).body
    await control(server.control, 'POST /clock', { advance: 60 })
    expect(server.clock.now()).toBe(now + 60_000)
    await server.close()
    await expect(fetch(server.control.url)).rejects.toThrow('fetch failed')
    expect(await start({ control: false })).not.toHaveProperty('control')
  })

  it('leaves no folder and no listener behind, whether it started or not', async () => {
    const server = await startTestServer()
    const [own = ''] = readdirSync(folder)
    expect(readdirSync(folder)).toHaveLength(1)
    await server.reset()
    await server.reset()
    expect(readdirSync(join(folder, own)).filter((name) => /^\d+$/.test(name))).toEqual(['2'])
    await server.close()
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
    await expect(startTestServer({ settings: { TTL_DEFALT: '60' } })).rejects.toThrow(
      'TTL_DEFALT is not a setting; did you mean TTL_DEFAULT?',
    )
    await expect(startTestServer({ accounts: { 'ana@example.com': 'short' } })).rejects.toThrow('ACCOUNTS')
    await expect(startTestServer({ settings: { PORT: new URL((await start()).url).port } })).rejects.toThrow(
      'EADDRINUSE',
    )
    expect(readdirSync(folder)).toHaveLength(1)
  })
})

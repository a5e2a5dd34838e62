import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { api, basic, unknownSecret } from '../api/client.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { Visitor } from '../web/visitor.ts'
import { run, serve, temporaryFolder } from './emberlink.ts'

/** The longest that each kind of key may live in this test, in seconds. */
const MOST: Readonly<Record<string, number>> = { s: 660, m: 1260, recent: 30 * 86_400, sessions: 13 * 3600 }

let redis: RedisServer
beforeAll(async () => {
  redis = await startRedis()
})
beforeEach(() => redis.client.flushall())
afterAll(() => redis.stop())

describe('emberlink migrate', () => {
  it.each(['redis', 'folder'])('to %s copies everything, with its remaining lifetime', async (target) => {
    const both = { REDIS_URL: redis.url, ROOT_KEY: newKey(), DATA_DIR: await temporaryFolder() }
    const { REDIS_URL, ...folder } = both
    const [source, destination] = target === 'redis' ? [folder, both] : [both, folder]

    const token = (await run(['account', 'create', 'ana@example.com'], source)).stdout.trim()
    const ana = basic('ana@example.com', token)
    const before = await serve(source)
    const { post, get } = api(before)
    const share = async (params: Record<string, string>, headers = {}) =>
      (await api(before, headers).post('/share', { secret: 'x', ...params })).body
    const plain = await share({ secret: 'plain', ttl: '3600' })
    const locked = await share({ secret: 'locked', passphrase: 'p' }, ana)
    const [read, burned, seen] = [await share({}), await share({}, ana), await share({ ttl: '7200' }, ana)]
    await post(`/secret/${read.secret_key}`)
    await post(`/private/${burned.metadata_key}/burn`)
    await get(`/private/${seen.metadata_key}`)
    const receipts = await receiptsOf(before, [plain, locked, read, burned, seen])
    const recent = (await api(before, ana).get('/private/recent')).body
    const credentials = { email: 'ana@example.com', token }
    const [ended, kept] = [await signIn(before, credentials), await signIn(before, credentials)]
    await kept.submit(await kept.get('/account'), '/account/sessions')
    await before.stop()

    expect(await run(['migrate', '--to', target], both)).toEqual({
      code: 0,
      signal: null,
      stdout: 'copied 5 secrets and 1 account\n',
      stderr: '',
    })

    const after = await serve(destination)
    expect(withoutClock(await receiptsOf(after, [plain, locked, read, burned, seen]))).toEqual(
      withoutClock(receipts),
    )
    const again = (await api(after, ana).get('/private/recent')).body
    expect(withoutClock(again)).toEqual(withoutClock(recent))
    const { body: left } = await api(after).get(`/private/${plain.metadata_key}`)
    expect(left['secret_ttl']).toBeGreaterThan(3500)
    expect(left['secret_ttl']).toBeLessThanOrEqual(3600)
    expect(left['metadata_ttl']).toBeLessThanOrEqual(7200)
    const reveal = async (key: string, params = {}) =>
      (await api(after).post(`/secret/${key}`, params)).body.value
    expect(await reveal(plain.secret_key)).toBe('plain')
    expect(await reveal(locked.secret_key, { passphrase: 'p' })).toBe('locked')
    for (const { secret_key } of [read, burned, plain]) {
      expect(await api(after).post(`/secret/${secret_key}`)).toEqual(unknownSecret(secret_key))
    }
    expect((await api(after, ana).get('/authcheck')).status).toBe(200)
    expect((await new Visitor(after).bringing(ended.cookies).get('/account')).status).toBe(401)
    expect((await new Visitor(after).bringing(kept.cookies).get('/account')).status).toBe(200)
    await after.stop()
  })

  it('gives each key in Redis but that of the root keys an expiry', async () => {
    const settings = { REDIS_URL: redis.url, ROOT_KEY: newKey(), DATA_DIR: await temporaryFolder() }
    const { REDIS_URL, ...folder } = settings
    const server = await serve({ ...folder, ACCOUNTS: 'ana@example.com:0123456789abcdef' })
    const ana = api(server, basic('ana@example.com', '0123456789abcdef'))
    const { body } = await ana.post('/share', { secret: 'x', ttl: '600' })
    await ana.post('/share', { secret: 'y', ttl: '600' })
    await api(server).post(`/secret/${body.secret_key}`)
    const visitor = await signIn(server, { email: 'ana@example.com', token: '0123456789abcdef' })
    await visitor.submit(await visitor.get('/account'), '/account/sessions')
    await server.stop()
    await run(['migrate', '--to', 'redis'], settings)
    expect(await redis.client.hlen('el:roots')).toBe(1)
    const keys = (await redis.client.keys('el:*')).filter((key) => key !== 'el:roots')
    expect(keys.map((key) => key.split(':')[1]).sort()).toEqual(['m', 'm', 'recent', 's', 'sessions'])
    for (const key of keys) {
      const seconds = await redis.client.ttl(key)
      const most = MOST[key.split(':')[1] ?? ''] ?? 0
      expect(seconds).toBeGreaterThan(most - 60)
      expect(seconds).toBeLessThanOrEqual(most)
    }
  })

  it('rejects a target that is not empty, and changes neither store', async () => {
    const settings = { REDIS_URL: redis.url, ROOT_KEY: newKey(), DATA_DIR: await temporaryFolder() }
    const { REDIS_URL, ...folder } = settings
    for (const store of [settings, folder]) await run(['account', 'create', 'ana@example.com'], store)
    for (const target of ['redis', 'folder']) {
      expect(await run(['migrate', '--to', target], settings)).toMatchObject({
        code: 1,
        stderr: 'emberlink: the target store is not empty\n',
      })
    }
    for (const store of [settings, folder])
      expect((await run(['account', 'list'], store)).stdout).toMatch(/^\S+ ana@example\.com ur\S+\n$/)
  })

  it('rejects root keys that would open nothing of what is copied', async () => {
    const DATA_DIR = await temporaryFolder()
    await run(['account', 'create', 'ana@example.com'], { DATA_DIR })
    const path = join(DATA_DIR, 'root.key')
    const filed = readFileSync(path, 'utf8').trim()
    const [other, settings] = [newKey(), { REDIS_URL: redis.url, DATA_DIR }]
    const to = (target: string, ROOT_KEY: string) =>
      run(['migrate', '--to', target], { ...settings, ROOT_KEY })
    const rejection = {
      code: 1,
      stderr: `emberlink: ROOT_KEY and ${path} must contain the same keys, or the copies could not be opened\n`,
    }
    expect(await to('redis', other)).toMatchObject(rejection)
    expect((await to('redis', `${other},${filed}`)).stdout).toBe('copied 0 secrets and 1 account\n')
    rmSync(join(DATA_DIR, 'secrets.mdb'))
    expect(await to('folder', `${other},${filed}`)).toMatchObject(rejection)
    writeFileSync(path, `${other}\n${filed}\n`)
    expect((await to('folder', `${other},${filed}`)).stdout).toBe('copied 0 secrets and 1 account\n')
  })

  it('rejects a DATA_DIR without data, and a configuration with one store only', async () => {
    const settings = { REDIS_URL: redis.url, ROOT_KEY: newKey(), DATA_DIR: '/nowhere/at/all' }
    expect(await run(['migrate', '--to', 'redis'], settings)).toMatchObject({
      code: 1,
      stderr: 'emberlink: DATA_DIR: no data in /nowhere/at/all\n',
    })
    expect(await run(['migrate', '--to', 'redis'], { DATA_DIR: '/nowhere' })).toMatchObject({
      code: 1,
      stderr: 'emberlink: REDIS_URL and ROOT_KEY must be set\n',
    })
  })

  it.each([[[]], [['--to']], [['--to', 'redis', 'x']], [['--to', 'redis://h']], [['--from', 'redis']]])(
    'rejects the arguments %j',
    async (args) => {
      const { code, stderr } = await run(['migrate', ...args], {})
      expect(code).toBe(2)
      expect(stderr).toMatch(/^emberlink: .+\nUsage: emberlink migrate --to redis\|folder\n$/)
    },
  )
})

function newKey(): string {
  return randomBytes(32).toString('hex')
}

function receiptsOf(
  server: { url: string },
  secrets: readonly { metadata_key: string }[],
): Promise<object[]> {
  return Promise.all(
    secrets.map(async ({ metadata_key }) => (await api(server).get(`/private/${metadata_key}`)).body),
  )
}

/** Removes what depends on the time, which passes between stores, and what the first view of a receipt changes. */
function withoutClock(receipts: unknown): object[] {
  return (receipts as Record<string, unknown>[]).map(
    ({ secret_ttl, metadata_ttl, updated, state, ...rest }) => ({
      ...rest,
      state: state === 'new' ? 'viewed' : state,
    }),
  )
}

async function signIn(
  server: { readonly url: string },
  credentials: Record<string, string>,
): Promise<Visitor> {
  const visitor = new Visitor(server)
  expect((await visitor.fill('/signin', credentials)).status).toBe(303)
  return visitor
}

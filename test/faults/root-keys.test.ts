import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKeyRing } from '../../src/crypto/key-ring.ts'
import { readRootKeyFile } from '../../src/crypto/root-key-file.ts'
import { api, failure } from '../api/client.ts'
import { run, serve, temporaryFolder } from '../commands/emberlink.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { forgetRootKeys, idOf, OTHER_ROOT_KEY, ROOT_KEY } from '../support/root-keys.ts'

/** Returns what a command says that is refused for the lack of a root key. */
function lacking(id: string) {
  return {
    code: 1,
    stderr: expect.stringMatching(
      new RegExp(`^(emberlink: |{[^\\n]*"msg":")missing_root_key: ROOT_KEY [^\\n]*\\b${id}\\b[^\\n]*\\n$`),
    ),
  }
}

describe('F31: another root key on old data', () => {
  it('in root.key stops the start, check and account commands, and names ROOT_KEY and the missing key', async () => {
    const DATA_DIR = await temporaryFolder()
    const path = join(DATA_DIR, 'root.key')
    const first = await serve({ DATA_DIR })
    const { body } = await api(first).post('/share', { secret: 'old' })
    await first.stop()
    const [key = Buffer.alloc(0)] = readRootKeyFile(path)
    const { id } = createKeyRing([key]).current

    writeFileSync(path, `${OTHER_ROOT_KEY}\n`)
    for (const args of [['serve'], ['check'], ['account', 'create', 'ana@example.com']]) {
      expect(await run(args, { DATA_DIR, PORT: '0' }), args.join(' ')).toMatchObject(lacking(id))
    }
    writeFileSync(path, `${key.toString('hex')}\n`)
    const again = await serve({ DATA_DIR })
    expect((await api(again).post(`/secret/${body.secret_key}`)).body.value).toBe('old')
    await again.stop()
  })

  it('in ROOT_KEY stops the start when root.key is another, also with two workers', async () => {
    const DATA_DIR = await temporaryFolder()
    const first = await serve({ DATA_DIR })
    await first.stop()
    const { id } = createKeyRing(readRootKeyFile(join(DATA_DIR, 'root.key'))).current
    expect(await run(['serve'], { DATA_DIR, PORT: '0', ROOT_KEY: OTHER_ROOT_KEY })).toMatchObject(lacking(id))
    const { code, stderr } = await run(['serve'], {
      DATA_DIR,
      PORT: '0',
      ROOT_KEY: OTHER_ROOT_KEY,
      WORKERS: '2',
    })
    expect({ code, names: stderr.includes(id) }).toEqual({ code: 1, names: true })
  })

  it('is accepted in front of the old one, and alone once it has sealed', async () => {
    const DATA_DIR = await temporaryFolder()
    for (const ring of [ROOT_KEY, `${OTHER_ROOT_KEY},${ROOT_KEY}`, OTHER_ROOT_KEY]) {
      const server = await serve({ DATA_DIR, ROOT_KEY: ring })
      expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
      await server.stop()
    }
    expect(await run(['check'], { DATA_DIR, ROOT_KEY })).toMatchObject(lacking(idOf(OTHER_ROOT_KEY)))
    // A check records nothing: the ring that it was given may never serve.
    expect(await run(['check'], { DATA_DIR, ROOT_KEY: `${ROOT_KEY},${OTHER_ROOT_KEY}` })).toMatchObject({
      stderr: '',
    })
    expect(await run(['check'], { DATA_DIR, ROOT_KEY })).toMatchObject(lacking(idOf(OTHER_ROOT_KEY)))
  })
})

describe('F31: two servers with disjoint key rings on one Redis', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())

  it('are not both started, and not both ready when they were started at once', async () => {
    const settings = { REDIS_URL: redis.url, RATE_LIMIT: 'off' }
    const first = await serve({ ...settings, ROOT_KEY })
    expect(await run(['serve'], { ...settings, PORT: '0', ROOT_KEY: OTHER_ROOT_KEY })).toMatchObject(
      lacking(idOf(ROOT_KEY)),
    )

    await forgetRootKeys(redis)
    const second = await serve({ ...settings, ROOT_KEY: OTHER_ROOT_KEY })
    const readiness = async (url: string) => {
      const response = await fetch(`${url}/health/ready`)
      return { status: response.status, body: await response.json() }
    }
    expect(await readiness(first.url)).toEqual({
      status: 503,
      body: { status: 'unavailable', reason: 'missing_root_key' },
    })
    expect(await readiness(second.url)).toEqual({ status: 200, body: { status: 'ready' } })
    await Promise.all([first.stop(), second.stop()])
  })

  it('name the missing root key in the log of a failed reveal, burn and look', async () => {
    const ACCOUNTS = 'ana@example.com:token-of-ana-0123456789'
    const authorization = `Basic ${Buffer.from(ACCOUNTS).toString('base64')}`
    const settings = { REDIS_URL: redis.url, ACCOUNTS, RATE_LIMIT: 'off' }
    await redis.client.flushall()
    const first = await serve({ ...settings, ROOT_KEY })
    const { body } = await api(first, { authorization }).post('/share', { secret: 'a' })
    await first.stop()
    await forgetRootKeys(redis)
    const second = await serve({ ...settings, ROOT_KEY: OTHER_ROOT_KEY })
    const { get, post } = api(second)
    for (const answer of [
      await post(`/secret/${body.secret_key}`),
      await post(`/private/${body.metadata_key}/burn`),
      await get(`/private/${body.metadata_key}`),
    ]) {
      expect(answer).toEqual(failure(500, 'An unexpected error occurred'))
    }
    const { stdout } = await second.stop()
    const reasons = stdout
      .split('\n')
      .filter((line) => line.includes('"request failed"'))
      .map((line) => (JSON.parse(line) as { err: { reason?: string } }).err.reason)
    expect(reasons).toHaveLength(3)
    for (const reason of reasons) expect(reason).toMatch(new RegExp(`${idOf(ROOT_KEY)}.*ROOT_KEY`))
  })
})

import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_RATE_LIMITS } from '../../../src/config/rate-limits.ts'
import { openApi } from '../../../src/http/openapi.ts'
import { startTestServer, type TestServer } from '../../../src/testing.ts'
import { type RedisServer, startRedis } from '../../support/redis.ts'
import { forgetRootKeys } from '../../support/root-keys.ts'
import { ANA, basic } from '../client.ts'
import { expectDescribed } from './described.ts'

let redis: RedisServer
let server: TestServer
let otherKeyServer: TestServer
const seen = new Set<string>()
beforeAll(async () => {
  redis = await startRedis()
  const start = () =>
    startTestServer({
      accounts: { [ANA.email]: ANA.token },
      settings: {
        REDIS_URL: redis.url,
        RATE_LIMIT: DEFAULT_RATE_LIMITS,
        ROOT_KEY: randomBytes(32).toString('hex'),
        SHARE_DOMAINS: 'links.example.com',
        SMTP_URL: 'smtp://127.0.0.1:9',
        MAIL_FROM: 'no-reply@example.com',
      },
    })
  server = await start()
  await forgetRootKeys(redis)
  otherKeyServer = await start()
})
afterAll(async () => {
  await Promise.all([server.close(), otherKeyServer.close()])
  await redis.stop()
})

/** Calls an endpoint and checks its response against the document. */
async function call(
  method: string,
  path: string,
  init: RequestInit & { at?: TestServer } = {},
): Promise<{ status: number; body: Record<string, string> }> {
  const { at = server, ...rest } = init
  const response = await fetch(`${at.url}/api/v1${path}`, { ...rest, method })
  const body: unknown = await response.json()
  const { status, headers } = response
  const described = expectDescribed({ version: 'v1', method, path, status, headers, body })
  if (described === undefined) throw new Error(`${method} ${path} is not in the document`)
  seen.add(described)
  return { status, body: body as Record<string, string> }
}

const form = (params: Readonly<Record<string, string>> = {}, headers: Record<string, string> = {}) => ({
  body: new URLSearchParams(params),
  headers,
})
const ana = basic()
const UNKNOWN = 'x'.repeat(31)

describe('the OpenAPI document of v1 describes', () => {
  it('the responses of status and authcheck', async () => {
    await call('GET', '/status')
    await call('POST', '/status')
    await call('GET', '/status', { headers: basic('nobody', 'wrong') })
    await call('POST', '/status', { headers: basic('nobody', 'wrong') })
    await call('GET', '/authcheck', { headers: ana })
    await call('GET', '/authcheck')
  })

  it('the responses to a secret from creation to reveal or burn, under every name', async () => {
    for (const [create, prefix] of [
      ['/share', '/private'],
      ['/create', '/metadata'],
      ['/share', '/receipt'],
    ] as const) {
      const [read, burned, locked] = [
        (await call('POST', create, form({ secret: 'x', ttl: '3600' }))).body,
        (await call('POST', create, form({ secret: 'x' }, ana))).body,
        (await call('POST', create, form({ secret: 'x', passphrase: 'p' }, ana))).body,
      ]
      await call('GET', `${prefix}/${read['metadata_key']}`)
      await call('POST', `${prefix}/${read['metadata_key']}`)
      await call('POST', `/secret/${read['secret_key']}`, form())
      await call('GET', `${prefix}/${read['metadata_key']}`)
      await call('POST', `${prefix}/${burned['metadata_key']}/burn`, form())
      await call('POST', `${prefix}/${burned['metadata_key']}/burn`, form())
      await call('POST', `${prefix}/${locked['metadata_key']}/burn`, form({ passphrase: 'wrong' }))
      await call('POST', `/secret/${locked['secret_key']}`, form({ passphrase: 'p' }))
      await call('GET', `${prefix}/recent`, { headers: ana })
      await call('POST', `${prefix}/recent`, { headers: ana })
      await call('GET', `${prefix}/recent`)
      await call('POST', `${prefix}/recent`)
      await call('GET', `${prefix}/${UNKNOWN}`)
      await call('POST', `${prefix}/${UNKNOWN}`)
    }
  })

  it('the responses to an expired, a generated and a custom-domain secret', async () => {
    const { body } = await call('POST', '/generate?length=20&ttl=60', { headers: ana })
    const shared = await call('POST', '/share', form({ secret: 'x', share_domain: 'links.example.com' }))
    server.clock.advance(61)
    await call('GET', `/private/${body['metadata_key']}`)
    await call('POST', `/secret/${shared.body['secret_key']}`, form())
    await call('GET', `/private/${shared.body['metadata_key']}`)
  })

  it('every rejected request', async () => {
    const bodies = [
      form(),
      form({ secret: 'x'.repeat(10_001) }),
      form({ secret: 'x', passphrase: 'p'.repeat(1025) }),
      form({ secret: 'x', recipient: 'bo@example.com' }),
      form({ secret: 'x', recipient: 'no address' }, ana),
      form({ secret: 'x', share_domain: 'other.example.com' }),
      form({ secret: 'x' }, basic('nobody', 'wrong')),
      { body: '{"secret":{}}', headers: { 'content-type': 'application/json' } },
      { body: '{', headers: { 'content-type': 'application/json' } },
      { body: 'secret=%ff' },
      { body: 'x', headers: { 'content-type': 'multipart/form-data; boundary=b' } },
    ]
    for (const path of ['/share', '/create']) {
      for (const init of bodies) expect((await call('POST', path, init)).status).toBe(404)
    }
    await call('POST', '/generate', form({ recipient: 'bo@example.com' }))
    await call('POST', `/secret/${UNKNOWN}`, form())
    await call('POST', '/secret/no-key', form())
    await call('POST', `/private/${UNKNOWN}/burn`, form())
  })

  it('an email that cannot be sent', async () => {
    for (const path of ['/share', '/create', '/generate']) {
      const mailed = await call('POST', path, form({ secret: 'x', recipient: 'bo@example.com' }, ana))
      expect(mailed.status).toBe(502)
    }
  })

  it('too many passphrase attempts', async () => {
    const { body } = await call('POST', '/share', form({ secret: 'x', passphrase: 'p' }))
    const statuses = []
    for (let i = 0; i < 6; i++) {
      const { status } = await call('POST', `/secret/${body['secret_key']}`, form({ passphrase: `${i}` }))
      statuses.push(status)
    }
    expect(statuses).toEqual([404, 404, 404, 404, 404, 429])
    const burns = []
    for (let i = 0; i < 6; i++) {
      const path = `/private/${body['metadata_key']}/burn`
      burns.push((await call('POST', path, form({ passphrase: `${i}` }))).status)
    }
    expect(burns).toEqual([404, 404, 404, 404, 404, 429])
  })

  it('a record under a root key that the server does not have', async () => {
    const { body } = await call('POST', '/share', form({ secret: 'x' }, ana))
    const { status } = await call('POST', `/secret/${body['secret_key']}`, { ...form(), at: otherKeyServer })
    expect(status).toBe(500)
    const viewed = await call('GET', `/private/${body['metadata_key']}`, { at: otherKeyServer })
    expect(viewed.status).toBe(500)
  })

  it('a store that cannot be reached', async () => {
    await redis.kill()
    for (const [method, path] of [
      ['GET', '/status'],
      ['POST', '/share?secret=x'],
      ['POST', '/generate'],
      ['POST', `/secret/${UNKNOWN}`],
      ['GET', `/private/${UNKNOWN}`],
      ['POST', `/private/${UNKNOWN}/burn`],
    ] as const) {
      const { status, body } = await call(method, path)
      if (path === '/status') expect(body).toEqual({ status: 'offline' })
      else expect(status).toBe(503)
    }
    expect((await call('GET', '/private/recent', { headers: ana })).status).toBe(503)
  })

  it('no response that the tests above have not seen, except those of any route', () => {
    const described = Object.values(openApi.v1.paths)
      .flatMap((methods) => Object.values(methods))
      .flatMap(({ operationId, responses }) =>
        Object.keys(responses).map((status) => `${operationId} ${status}`),
      )
    const unseen = described.filter((answer) => !seen.has(answer))
    expect(unseen.filter((answer) => !/ (500|503|429)$/.test(answer))).toEqual([])
  })
})

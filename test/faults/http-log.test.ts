import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { api, type Body, basic } from '../api/client.ts'
import { ENCODINGS, post } from '../api/encodings.ts'
import { type Serving, serve, temporaryFolder } from '../commands/emberlink.ts'
import { type FaultyWire, startProxy } from '../support/proxy.ts'
import { startRedis } from '../support/redis.ts'
import { forgetRootKeys, OTHER_ROOT_KEY, ROOT_KEY } from '../support/root-keys.ts'
import { startSmtpServer } from '../support/smtp.ts'
import { exchange } from '../support/wire.ts'

const EMAIL = 'marked-account@example.com'
const TOKEN = 'marked-token-0123456789'
const SECRET = 'marked-secret-value'
const PASSPHRASE = 'marked-passphrase'
const RECIPIENT = 'marked-recipient@example.org'
const ADDRESSES = ['203.0.113.77', '2001:db8:77:77::77']
const DOMAIN = 'marked.example.net'

/** Everything sensitive that the test has made, to be searched for in the log. */
const marks = new Set([
  'marked',
  Buffer.from(`${EMAIL}:${TOKEN}`).toString('base64'),
  ...ADDRESSES,
  ROOT_KEY,
  OTHER_ROOT_KEY,
])

function noted(body: Body): Body {
  for (const key of [body.secret_key, body.metadata_key]) {
    expect(key).toMatch(/^[a-z0-9]{31}$/)
    marks.add(key)
  }
  return body
}

const caller = (server: Serving, address = ADDRESSES[0]) =>
  api(server, { ...basic(EMAIL, TOKEN), 'x-forwarded-for': address ?? '', 'user-agent': 'marked-agent' })

/** Calls every endpoint and causes every client error. Returns a secret that is still available. */
async function driveAll(server: Serving): Promise<Body> {
  const ana = caller(server)
  const anon = api(server, { 'x-forwarded-for': ADDRESSES[1] ?? '' })
  for (const encoding of Object.values(ENCODINGS)) {
    const { body } = await post(ana, '/share', encoding, {
      secret: SECRET,
      passphrase: PASSPHRASE,
      share_domain: DOMAIN,
    })
    noted(body)
    await post(ana, `/secret/${body.secret_key}`, encoding, { passphrase: 'marked-attempt' })
    await post(ana, `/private/${body.metadata_key}/burn`, encoding, { passphrase: 'marked-attempt' })
    await post(ana, `/secret/${body.secret_key}`, encoding, { passphrase: PASSPHRASE })
  }
  const generated = noted((await ana.post('/generate')).body)
  marks.add(generated.value)
  await ana.post(`/metadata/${generated.metadata_key}/burn`)
  for (const path of ['/status', '/authcheck', '/private/recent', `/receipt/${generated.metadata_key}`])
    await ana.get(path)
  for (const path of [
    '/nowhere/marked',
    '/secret/marked',
    '/private/marked',
    '/secret/marked%FF',
    `/secret/${'marked'.repeat(300)}`,
  ]) {
    for (const method of ['GET', 'HEAD', 'POST', 'DELETE']) await ana.call(method, path)
  }
  await anon.post('/share', { secret: SECRET, recipient: RECIPIENT })
  await ana.post('/share', { secret: SECRET, recipient: 'marked unnamed' })
  await ana.post('/share', { secret: SECRET, share_domain: 'marked.elsewhere.example' })
  await ana.post('/share', { secret: 'marked'.repeat(2000) })
  await ana.post('/share', { secret: SECRET, passphrase: 'marked'.repeat(200) })
  await anon.call('POST', '/share', {
    headers: { 'content-type': 'application/json' },
    body: '{"secret":"marked',
  })
  await anon.call('POST', '/share', {
    headers: { 'content-type': 'multipart/form-data; boundary=marked' },
    body: 'marked',
  })
  await anon.call('POST', '/share', { body: 'secret=marked%zz' })
  for (const authorization of [
    basic(EMAIL, 'marked-other-token').authorization,
    'Basic marked',
    'Bearer marked',
    basic('marked-unknown@example.com', TOKEN).authorization,
  ]) {
    await api(server, { authorization }).get('/authcheck')
  }
  return noted((await ana.post('/share', { secret: SECRET })).body)
}

/** Sends bytes that are not HTTP and requests that break off, and disconnects while it is served. */
async function driveBroken(server: Serving, key: string): Promise<void> {
  const credentials = `Authorization: ${basic(EMAIL, TOKEN).authorization}`
  await exchange(server.url, `marked ${key}\n${credentials}`)
  await exchange(server.url, `GET /api/v1/secret/${key}\u00e9 HTTP/1.1\n${credentials}`)
  await exchange(server.url, `GET /api/v1/secret/${key} HTTP/9.9\n${credentials}`)
  await exchange(server.url, `GET /${key} HTTP/1.1\nX-Marked: ${'marked'.repeat(20_000)}`)
  await exchange(
    server.url,
    `POST /api/v1/share HTTP/1.1\nContent-Length: 1\nContent-Length: 2\nX: marked`,
    'marked',
  )
  for (const path of [`/secret/${key}`, `/private/${key}`, `/marked?${key}`]) {
    await fetch(`${server.url}${path}`, { headers: { 'x-forwarded-for': ADDRESSES[0] ?? '' } })
  }
  for (const body of ['secret=mark', 'secret=marked&passphrase=marked']) {
    const client = connect(Number(new URL(server.url).port), '127.0.0.1')
    client.write(
      `POST /api/v1/share HTTP/1.1\r\nHost: a\r\n${credentials}\r\nContent-Length: 31\r\n\r\n${body}`,
    )
    await sleep(20)
    client.resetAndDestroy()
  }
}

/** Makes too many requests, and too many passphrase attempts. */
async function driveLimits(server: Serving): Promise<void> {
  const another = api(server, { 'x-forwarded-for': '198.51.100.77' })
  marks.add('198.51.100.77')
  const { body } = await caller(server).post('/share', { secret: SECRET, passphrase: PASSPHRASE })
  for (let i = 0; i < 6; i += 1)
    await another.post(`/secret/${noted(body).secret_key}`, { passphrase: 'marked-attempt' })
  for (let i = 0; i < 10; i += 1) await another.post('/share', { secret: SECRET })
}

/** Cuts off the store under all kinds of requests. */
async function driveOutage(server: Serving, wire: FaultyWire, unread: Body): Promise<void> {
  const ana = caller(server)
  wire.blackhole()
  wire.cut()
  const answers = await Promise.all([
    ana.post('/share', { secret: SECRET, passphrase: PASSPHRASE }),
    ana.post(`/secret/${unread.secret_key}`),
    ana.get(`/private/${unread.metadata_key}`),
    ana.get('/private/recent'),
  ])
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503])
  wire.restore()
}

describe('the log', () => {
  it('holds nothing sensitive at LOG_LEVEL=trace, after every endpoint and every error, from 404 to 503 and malformed HTTP', async () => {
    const redis = await startRedis()
    onTestFinished(() => redis.stop())
    const wire = await startProxy(redis.port)
    onTestFinished(() => wire.stop())
    const smtp = await startSmtpServer('reject')
    onTestFinished(() => smtp.close())
    const settings = {
      REDIS_URL: redis.url.replace(String(redis.port), String(wire.port)),
      DATA_DIR: await temporaryFolder(),
      ROOT_KEY,
      ACCOUNTS: `${EMAIL}:${TOKEN}`,
      SMTP_URL: smtp.url,
      MAIL_FROM: 'marked-sender@example.com',
      SHARE_DOMAINS: DOMAIN,
      TRUST_PROXY: '1',
      LOG_LEVEL: 'trace',
      RATE_LIMIT: 'create=8/600',
    }
    const server = await serve(settings)
    const unread = await driveAll(server)
    await driveBroken(server, unread.secret_key)
    await driveLimits(server)
    const rejected = await caller(server).post('/share', { secret: SECRET, recipient: RECIPIENT })
    expect(rejected.status).toBe(502)
    await driveOutage(server, wire, unread)
    const first = await server.stop()

    await forgetRootKeys(redis)
    const other = await serve({ ...settings, ROOT_KEY: OTHER_ROOT_KEY })
    for (const path of [`/secret/${unread.secret_key}`, `/private/${unread.metadata_key}/burn`]) {
      expect((await caller(other).post(path)).status).toBe(500)
    }
    expect((await caller(other).get(`/private/${unread.metadata_key}`)).status).toBe(500)
    const second = await other.stop()

    const written = [first, second].map(({ stdout, stderr }) => stdout + stderr).join('')
    const lines = written
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { level: number; status?: number })
    expect(new Set(lines.map(({ status }) => status))).toEqual(
      new Set([undefined, 200, 404, 429, 500, 502, 503]),
    )
    expect(lines.some(({ level }) => level === 20)).toBe(true)
    expect([...marks].filter((mark) => written.toLowerCase().includes(mark.toLowerCase()))).toEqual([])
  })
})

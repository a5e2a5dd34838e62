// Lets Emberlink 0.1.0 write the data beside it. See 0.1.0/README.md for how to run it; each run makes new keys.
import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { SMTPServer } from 'smtp-server'

const [checkout, redisServer = 'redis-server'] = process.argv.slice(2)
if (checkout === undefined) throw new Error('usage: node write-0.1.0.mjs CHECKOUT [REDIS-SERVER]')
const dist = resolve(checkout, 'dist')
const { startTestServer } = await import(pathToFileURL(join(dist, 'testing.js')).href)

const target = fileURLToPath(new URL('0.1.0/', import.meta.url))
const work = await mkdtemp(join(tmpdir(), 'emberlink-0.1.0-'))
const PORT = '18310'
const REDIS_PORT = 18311
const SMTP_PORT = 18312
const TEN_YEARS = 315_360_000
const CENTURY_MS = 100 * 365 * 86_400_000
const SERVER_START_MS = 10_000

const DEE = { email: 'dee@example.com', token: 'token-of-dee-0123456789' }
const settings = {
  TTL_MAX_ANONYMOUS: String(TEN_YEARS),
  TTL_MAX_ACCOUNT: String(TEN_YEARS),
  SHARE_DOMAINS: 'links.example.com',
  ACCOUNTS: `${DEE.email}:${DEE.token}`,
}
const smtpSettings = { SMTP_URL: `smtp://127.0.0.1:${SMTP_PORT}`, MAIL_FROM: 'no-reply@example.com' }

async function emberlink(args, env) {
  const command = [join(dist, 'main.js'), ...args]
  const { stdout } = await promisify(execFile)(process.execPath, command, { env, cwd: work })
  return stdout.trim()
}

async function whileServing(env, act) {
  const args = [join(dist, 'main.js'), 'serve']
  const child = spawn(process.execPath, args, {
    env: { ...env, ...smtpSettings, PORT },
    cwd: work,
    stdio: 'ignore',
  })
  const url = `http://127.0.0.1:${PORT}`
  const deadline = Date.now() + SERVER_START_MS
  while (!(await fetch(`${url}/health/ready`).catch(() => ({ ok: false }))).ok) {
    if (Date.now() > deadline) throw new Error('0.1.0 does not start')
    await sleep(50)
  }
  await act(url)
  child.kill('SIGTERM')
  await once(child, 'exit')
}

function clientOf(url) {
  return async function call(method, path, { account, params } = {}) {
    const credentials = account && Buffer.from(`${account.email}:${account.token}`).toString('base64')
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: credentials === undefined ? {} : { authorization: `Basic ${credentials}` },
      ...(params && { body: new URLSearchParams(params) }),
    })
    return response.json()
  }
}

/** Everything that a store may hold. `rotate` returns the settings with a newer root key. */
async function write(first, rotate) {
  const secrets = []
  async function create(call, name, { path = '/share', state = 'new', account, ...params }) {
    const made = await call('POST', path, { account, params: { ttl: String(TEN_YEARS), ...params } })
    if (made.secret_key === undefined) throw new Error(`${name}: ${JSON.stringify(made)}`)
    const { passphrase, share_domain: shareDomain } = params
    const secret = { name, metadataKey: made.metadata_key, secretKey: made.secret_key, state }
    Object.assign(secret, { passphrase, shareDomain, value: made.value ?? params.secret })
    secrets.push(secret)
    return secret
  }

  const bo = { email: 'bo@example.com' }
  bo.token = await emberlink(['account', 'create', bo.email], first)
  await whileServing(first, async (url) => {
    const call = clientOf(url)
    await create(call, 'anonymous, older root key', { secret: 'sealed before the rotation\n' })
    const locked = { account: bo, secret: 'Bo, before the rotation', passphrase: 'open sesame' }
    await create(call, 'passphrase and account, older root key', locked)
  })

  const env = await rotate()
  const ana = { email: 'ana@example.com' }
  ana.token = await emberlink(['account', 'create', ana.email], env)
  const cy = { email: 'cy@example.com' }
  const replaced = await emberlink(['account', 'create', cy.email], env)
  cy.token = await emberlink(['account', 'rotate', cy.email], env)

  await whileServing(env, async (url) => {
    const call = clientOf(url)
    await create(call, 'anonymous', { secret: '  Zeile 1\r\nстрока 2\t🗝️ \n' })
    await create(call, 'passphrase', { secret: 'behind a passphrase', passphrase: ' schlüssel 🗝 ' })
    await create(call, 'recipients and share domain', {
      account: ana,
      secret: 'for Foo',
      passphrase: 'told on the phone',
      recipient: 'foo@example.org',
      share_domain: 'links.example.com',
    })
    await create(call, 'generated', { path: '/generate', state: 'viewed', length: '20' })
    const viewed = await create(call, 'viewed', { account: ana, state: 'viewed', secret: 'looked after' })
    const received = await create(call, 'received', { account: ana, state: 'received', secret: 'read' })
    const burned = await create(call, 'burned', { account: ana, state: 'burned', secret: 'never read' })
    await create(call, 'account that is older than the root key', { account: bo, secret: 'Bo, afterwards' })
    await create(call, 'account of the setting', { account: DEE, secret: 'Dee, without a stored account' })
    await create(call, 'account with a replaced token', { account: cy, secret: 'Cy, with the second token' })
    await create(call, 'one hour', { secret: 'not for long', ttl: '3600' })
    const attempted = await create(call, 'attempted', { secret: 'many tried', passphrase: 'not 1234' })

    // So that `updated` and `created` differ.
    await sleep(1500)
    await call('GET', `/private/${viewed.metadataKey}`)
    await call('POST', `/secret/${received.secretKey}`)
    await call('POST', `/private/${burned.metadataKey}/burn`)
    for (const gone of [received, burned]) delete gone.value
    attempted.wrongAttempts = 4
    for (let tries = 0; tries < attempted.wrongAttempts; tries += 1) {
      await call('POST', `/secret/${attempted.secretKey}`, { params: { passphrase: '1234' } })
    }
  })

  const listed = (await emberlink(['account', 'list'], env)).split('\n').map((line) => {
    const [created, email] = line.split(' ')
    return { email, created }
  })
  const accounts = [ana, bo, cy, { ...DEE }]
  return { openedAt: Date.now() + 30_000, secrets, accounts, listed, refused: [{ ...cy, token: replaced }] }
}

/** Adds what 0.1.0 itself answers about what it has written, at the moment `openedAt`. */
async function addAnswers(expected, settings) {
  const server = await startTestServer({ settings })
  server.clock.advance((expected.openedAt - server.clock.now()) / 1000)
  const call = clientOf(server.url)
  for (const account of expected.accounts) account.recent = await call('GET', '/private/recent', { account })
  for (const secret of expected.secrets) {
    secret.receipt = await call('GET', `/private/${secret.metadataKey}`)
    if (secret.receipt.state !== secret.state) throw new Error(`${secret.name}: ${secret.receipt.state}`)
    delete secret.state
  }
  await server.close()
}

async function writeLmdb() {
  const env = { ...settings, DATA_DIR: join(work, 'data') }
  const expected = await write(env, async () => {
    await emberlink(['rootkey', 'rotate'], env)
    return env
  })
  await rm(join(target, 'lmdb'), { recursive: true, force: true })
  await emberlink(['backup', join(target, 'lmdb')], env)
  const copy = join(work, 'copy')
  await cp(join(target, 'lmdb'), copy, { recursive: true })
  await addAnswers(expected, { ...settings, DATA_DIR: copy })
  return { settings, ...expected }
}

async function writeRedis() {
  const args = ['--port', String(REDIS_PORT), '--bind', '127.0.0.1', '--dir', work, '--save', '']
  const child = spawn(redisServer, args, { stdio: 'ignore' })
  const client = new Redis({ port: REDIS_PORT })
  client.on('error', () => 'it is still starting')
  const [older, newer] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')]
  const rotated = { ...settings, ROOT_KEY: `${newer},${older}` }
  const REDIS_URL = `redis://127.0.0.1:${REDIS_PORT}`
  const expected = await write({ ...rotated, ROOT_KEY: older, REDIS_URL }, async () => ({
    ...rotated,
    REDIS_URL,
  }))
  // Redis drops expired keys by its own clock, also when it loads a file. Nothing else is changed.
  for (const key of await client.keys('*')) {
    const at = Number(await client.call('PEXPIRETIME', key))
    if (at > 0) await client.pexpireat(key, at + CENTURY_MS)
  }
  await client.save()
  await cp(join(work, 'dump.rdb'), join(target, 'redis.rdb'))
  await addAnswers(expected, { ...rotated, REDIS_URL })
  client.disconnect()
  child.kill()
  await once(child, 'exit')
  return { settings: rotated, ...expected }
}

const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  onData: (stream, _session, callback) => stream.resume().on('end', callback),
}).listen(SMTP_PORT, '127.0.0.1')
try {
  const expected = { lmdb: await writeLmdb(), redis: await writeRedis() }
  await writeFile(join(target, 'expected.json'), `${JSON.stringify(expected, null, 2)}\n`)
} finally {
  smtp.close()
  await rm(work, { recursive: true })
}

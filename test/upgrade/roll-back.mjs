// Upgrades data of Emberlink 0.1.0, rolls back, and upgrades again, with both stores; on Redis, also with both versions at once.
// docs/upgrade.md has what it found. Run it after `npm run build`:
//
//   node test/upgrade/roll-back.mjs CHECKOUT-OF-0.1.0 [REDIS-SERVER]
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const [checkout, redisServer = 'redis-server'] = process.argv.slice(2)
if (checkout === undefined) throw new Error('usage: node roll-back.mjs CHECKOUT-OF-0.1.0 [REDIS-SERVER]')
const OLDER = resolve(checkout, 'dist/main.js')
const NEWER = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const REDIS_PORT = 18321
const RACES = 100
const work = await mkdtemp(join(tmpdir(), 'emberlink-roll-back-'))

async function emberlink(program, args, env) {
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], { env, cwd: work })
  return stdout.trim().split('\n').at(-1)
}

async function whileServing(program, port, env, act) {
  const child = spawn(process.execPath, [program, 'serve'], {
    env: { ...env, PORT: String(port) },
    cwd: work,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}`
  while (!(await fetch(`${url}/health/ready`).catch(() => ({ ok: false }))).ok) {
    assert.equal(child.exitCode, null, `${program} does not start`)
    await sleep(50)
  }
  try {
    return await act(clientOf(url))
  } finally {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
}

function clientOf(url) {
  return async function call(method, path, params, account) {
    const credentials = account && Buffer.from(account.join(':')).toString('base64')
    const response = await fetch(`${url}/api${path}`, {
      method,
      headers: {
        ...(credentials && { authorization: `Basic ${credentials}` }),
        ...(typeof params === 'string' && { 'content-type': 'application/json' }),
      },
      ...(params && { body: typeof params === 'string' ? params : new URLSearchParams(params) }),
    })
    return response.json()
  }
}

const create = (call, name, { account, ...params } = {}) =>
  call('POST', '/v1/share', { secret: name, ...params }, account).then((made) => ({
    ...made,
    name,
    ...params,
  }))

async function reveals(call, made) {
  const { value } = await call('POST', `/v1/secret/${made.secret_key}`, { passphrase: made.passphrase ?? '' })
  assert.equal(value, made.name)
  await isGone(call, made)
}

async function isGone(call, { secret_key, passphrase = '' }) {
  const { message } = await call('POST', `/v1/secret/${secret_key}`, { passphrase })
  assert.equal(message, 'Unknown secret')
}

async function hasState(call, { metadata_key, name }, state) {
  assert.equal((await call('GET', `/v1/private/${metadata_key}`))['state'], state, name)
}

async function recentOf(call, account) {
  const list = await call('GET', '/v1/private/recent', undefined, account)
  return list.map(({ metadata_key }) => metadata_key)
}

async function tellStory(env) {
  const ana = ['ana@example.com', await emberlink(OLDER, ['account', 'create', 'ana@example.com'], env)]
  const older = await whileServing(OLDER, 18322, env, async (call) => ({
    read: await create(call, 'older, read by newer'),
    kept: await create(call, 'older, kept', { passphrase: 'word' }),
    owned: await create(call, 'older, owned', { account: ana }),
  }))

  const bo = ['bo@example.com', await emberlink(NEWER, ['account', 'create', 'bo@example.com'], env)]
  const newer = await whileServing(NEWER, 18322, env, async (call) => {
    await reveals(call, older.read)
    await hasState(call, older.owned, 'new')
    const made = {
      plain: await create(call, 'newer, plain'),
      locked: await create(call, 'newer, locked', { passphrase: 'word' }),
      owned: await create(call, 'newer, owned', { account: ana }),
      burned: await create(call, 'newer, burned'),
      unread: await create(call, 'newer, unread', { passphrase: 'word' }),
      ofBo: await create(call, 'newer, of Bo', { account: bo }),
    }
    await call('POST', `/v1/private/${made.burned.metadata_key}/burn`)
    const concealed = JSON.stringify({ secret: { kind: 'conceal', secret: 'newer, v2' } })
    const { record } = await call('POST', '/v2/secret/conceal', concealed, ana)
    const { secret, receipt } = record
    const v2 = { name: 'newer, v2', secret_key: secret.identifier, metadata_key: receipt.identifier }
    return { ...made, v2 }
  })

  await whileServing(OLDER, 18322, env, async (call) => {
    await isGone(call, older.read)
    await hasState(call, older.read, 'received')
    await hasState(call, newer.burned, 'burned')
    for (const made of [older.kept, newer.plain, newer.locked, newer.owned, newer.v2])
      await reveals(call, made)
    const recent = await recentOf(call, ana)
    for (const { metadata_key } of [older.owned, newer.owned]) assert(recent.includes(metadata_key))
    assert.deepEqual(await recentOf(call, bo), [newer.ofBo.metadata_key])
    older.again = await create(call, 'older, after the rollback', { account: bo })
  })
  assert.match(await emberlink(OLDER, ['account', 'list'], env), /@example.com/)

  await whileServing(NEWER, 18322, env, async (call) => {
    for (const made of [older.kept, newer.plain, newer.locked, newer.owned]) {
      await isGone(call, made)
      await hasState(call, made, 'received')
    }
    for (const made of [older.owned, older.again, newer.unread, newer.ofBo]) await reveals(call, made)
    assert((await recentOf(call, bo)).includes(older.again.metadata_key))
  })
  assert.match(await emberlink(NEWER, ['check'], env), /email: not configured/)
}

async function race(env) {
  await whileServing(OLDER, 18322, env, (older) =>
    whileServing(NEWER, 18323, env, async (newer) => {
      for (let round = 0; round < RACES; round += 1) {
        const { secret_key } = await create(round % 2 ? older : newer, `race ${round}`)
        const answers = await Promise.all(
          [older, newer, older, newer].map((call) => call('POST', `/v1/secret/${secret_key}`)),
        )
        assert.equal(answers.filter(({ value }) => value === `race ${round}`).length, 1)
      }
    }),
  )
}

try {
  await tellStory({ DATA_DIR: join(work, 'data') })
  console.log('embedded store: upgraded, rolled back, upgraded again')
  const options = `--port ${REDIS_PORT} --requirepass word --appendonly yes --appendfsync always --dir ${work}`
  const redis = spawn(redisServer, [...options.split(' '), '--save', ''])
  try {
    const env = {
      REDIS_URL: `redis://:word@127.0.0.1:${REDIS_PORT}`,
      ROOT_KEY: randomBytes(32).toString('hex'),
    }
    for await (const line of redis.stdout) if (String(line).includes('Ready to accept')) break
    await tellStory(env)
    console.log('Redis: upgraded, rolled back, upgraded again')
    await race(env)
    console.log(`Redis: ${RACES} secrets, each revealed once by servers of both versions`)
  } finally {
    redis.kill()
  }
} finally {
  await rm(work, { recursive: true, maxRetries: 5 })
}

import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { pseudonymOf } from '../../src/accounts/pseudonym.ts'
import { urNameOf } from '../../src/accounts/ur-name.ts'
import { api, basic, rejection } from '../api/client.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { ROOT_KEY } from '../support/root-keys.ts'
import { ringOf } from '../vectors/vectors.ts'
import { run, serve, temporaryFolder } from './emberlink.ts'

const TOKEN = /^[a-z0-9]{40}\n$/
const EMAIL = 'Ana@Example.com'

/** Returns the events of the audit log on standard error, on which there is nothing else. */
function auditOf(stderr: string): unknown[] {
  return stderr
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { audit: unknown }).audit)
}

/** Returns standard error of `account create` without its last line, which tells the ur name of the account. */
function withoutName(stderr: string): string {
  const named = `The ur name of the account is ${urNameOf(EMAIL)}\n`
  expect(stderr.endsWith(named)).toBe(true)
  return stderr.slice(0, -named.length)
}

let redis: RedisServer
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())

describe('F30: emberlink account rotate on a full Redis', () => {
  it('replaces the token, and a new account is rejected with nothing lost', async () => {
    const full = await startRedis()
    onTestFinished(() => full.stop())
    const settings = { REDIS_URL: full.url, ROOT_KEY }
    const server = await serve(settings)
    const isValid = async (token: string) =>
      (await api(server, basic('ana@example.com', token.trim())).get('/authcheck')).status === 200
    const { stdout: old } = await run(['account', 'create', EMAIL], settings)
    await full.client.config('SET', 'maxmemory', '1')

    expect(await run(['account', 'create', 'bo@example.com'], settings)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('OOM'),
    })
    const rotated = await run(['account', 'rotate', EMAIL], settings)
    expect(rotated).toMatchObject({ code: 0, stdout: expect.stringMatching(TOKEN) })
    expect([await isValid(old), await isValid(rotated.stdout)]).toEqual([false, true])
    const { stdout: listed } = await run(['account', 'list'], settings)
    expect(listed).toBe(`${listed.split(' ', 1)[0]} ana@example.com ${urNameOf('ana@example.com')}\n`)
  })
})

it('account create rejects an account of the setting ACCOUNTS, whose token would never be accepted', async () => {
  const settings = { DATA_DIR: await temporaryFolder(), ACCOUNTS: 'ana@example.com:0123456789abcdef' }
  expect(await run(['account', 'create', EMAIL], settings)).toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'emberlink: the ACCOUNTS setting already defines this account and its API token\n',
  })
})

it.each([
  ['account list', ['account', 'list']],
  ['account rotate', ['account', 'rotate', EMAIL]],
  ['account delete', ['account', 'delete', EMAIL]],
])('%s rejects a DATA_DIR without data, and creates nothing there', async (_, args) => {
  const parent = await temporaryFolder()
  const DATA_DIR = join(parent, 'misspelt')
  for (const settings of [{}, { ROOT_KEY }]) {
    expect(await run(args, { DATA_DIR, ...settings })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `emberlink: DATA_DIR: no data in ${DATA_DIR}\n`,
    })
  }
  expect(await readdir(parent)).toEqual([])
})

describe.each(['the embedded store', 'Redis'])('emberlink account, on %s', (store) => {
  it('creates an account on a running server, rotates its token, lists it, and deletes it', async () => {
    const settings: Record<string, string> =
      store === 'Redis' ? { REDIS_URL: redis.url, ROOT_KEY } : { DATA_DIR: await temporaryFolder() }
    const server = await serve(settings)
    const account = (...args: string[]) => run(['account', ...args], settings)
    const check = (token: string) => api(server, basic('ana@example.com', token.trim())).get('/authcheck')

    const created = await account('create', EMAIL)
    expect(created).toMatchObject({ code: 0, stdout: expect.stringMatching(TOKEN) })
    expect(auditOf(withoutName(created.stderr))).toEqual(['account_created'])
    const name = urNameOf('ana@example.com')
    expect((await check(created.stdout)).body).toEqual({ status: 'nominal' })
    expect(await account('create', EMAIL.toUpperCase())).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'emberlink: account already exists\n',
    })
    const { body } = await api(server, basic(EMAIL, created.stdout.trim())).post('/share', { secret: 'a' })
    expect(body['custid']).toBe('ana@example.com')

    const rotated = await account('rotate', EMAIL)
    expect(rotated).toMatchObject({ code: 0, stdout: expect.stringMatching(TOKEN) })
    expect(auditOf(rotated.stderr)).toEqual(['token_rotated'])
    expect(rotated.stdout).not.toBe(created.stdout)
    expect(await check(created.stdout)).toEqual(rejection(401, 'Not authorized'))
    expect((await check(rotated.stdout)).status).toBe(200)
    const byName = api(server, basic(name, rotated.stdout.trim()))
    expect((await byName.get('/authcheck')).body).toEqual({ status: 'nominal' })

    await account('create', 'bo@example.com')
    const listed = await account('list')
    expect(listed.stdout.replaceAll(/^\S+Z /gm, '')).toBe(
      `ana@example.com ${name}\nbo@example.com ${urNameOf('bo@example.com')}\n`,
    )

    const deleted = await account('delete', EMAIL)
    expect(deleted).toMatchObject({ code: 0, stdout: '' })
    expect(auditOf(deleted.stderr)).toEqual(['account_deleted'])
    expect(await check(rotated.stdout)).toEqual(rejection(401, 'Not authorized'))
    for (const action of ['delete', 'rotate']) {
      expect(await account(action, EMAIL)).toMatchObject({
        code: 1,
        stdout: '',
        stderr: 'emberlink: no such account\n',
      })
    }
    const { body: receipt } = await api(server).get(`/private/${body.metadata_key}`)
    expect(receipt).toMatchObject({ custid: 'ana@example.com', state: 'new' })
    await server.stop()
  })
})

describe('the audit log of emberlink account', () => {
  it('is one JSON line on standard error for each change, and names the account as the server does', async () => {
    const settings = { DATA_DIR: await temporaryFolder(), ROOT_KEY }
    const lines: string[] = []
    for (const action of ['create', 'rotate', 'delete']) {
      const { stdout, stderr } = await run(['account', action, EMAIL], settings)
      if (action !== 'delete') expect(stderr).not.toContain(stdout.trim())
      lines.push(action === 'create' ? withoutName(stderr) : stderr)
    }
    const common = {
      level: 30,
      time: expect.any(Number),
      pid: expect.any(Number),
      account: pseudonymOf(ringOf(ROOT_KEY), EMAIL),
      caller: 'operator',
      way: 'command',
      msg: 'account changed',
    }
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { audit: 'account_created', ...common },
      { audit: 'token_rotated', ...common },
      { audit: 'account_deleted', ...common },
    ])
    expect(lines.join('').toLowerCase()).not.toMatch(/ana|example/)
  })

  it('is silent about what changed nothing, and at LOG_LEVEL=warn', async () => {
    const settings = { DATA_DIR: await temporaryFolder(), LOG_LEVEL: 'warn' }
    expect(withoutName((await run(['account', 'create', EMAIL], settings)).stderr)).toBe('')
    const again = await run(['account', 'create', EMAIL], { ...settings, LOG_LEVEL: 'info' })
    expect(again.stderr).toBe('emberlink: account already exists\n')
    expect((await run(['account', 'list'], { ...settings, LOG_LEVEL: 'info' })).stderr).toBe('')
  })
})

describe('emberlink account with malformed arguments', () => {
  it.each([[[]], [['create']], [['create', EMAIL, 'more']], [['list', EMAIL]], [['promote', EMAIL]]])(
    'prints its usage, exits with 2 and opens nothing: %j',
    async (args) => {
      const DATA_DIR = await temporaryFolder()
      const { code, stdout, stderr } = await run(['account', ...args], { DATA_DIR })
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(/^emberlink: .+\nUsage: emberlink account (create EMAIL|list)\n/)
      expect(await readdir(DATA_DIR)).toEqual([])
    },
  )
})

describe('an email address outside the grammar of src/accounts/email-address.ts', () => {
  it.each(['nobody', 'ana@localhost', 'ana@example.1', 'ana@example.com,bo', ''])(
    'is rejected by emberlink account and by ACCOUNTS alike: %j',
    async (email) => {
      const DATA_DIR = await temporaryFolder()
      for (const action of ['create', 'rotate', 'delete']) {
        expect(await run(['account', action, email], { DATA_DIR })).toMatchObject({
          code: 2,
          stdout: '',
          stderr: `emberlink: invalid email address ${JSON.stringify(email)}; expected name@domain, with a dot in the domain\n`,
        })
      }
      const { code, stdout, stderr } = await run(['check'], {
        DATA_DIR,
        ACCOUNTS: `${email}:${'0'.repeat(16)}`,
      })
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(
        /^emberlink: ACCOUNTS: entry 1 does not begin with an email address and a colon;/,
      )
      expect(await readdir(DATA_DIR)).toEqual([])
    },
  )
})

describe('the root key of the embedded store', () => {
  it('is created once, for the owner alone, by any number of simultaneous starts', async () => {
    const DATA_DIR = join(await temporaryFolder(), 'data')
    const emails = ['a@example.com', 'b@example.com', 'c@example.com', 'd@example.com']
    const made = await Promise.all(emails.map((email) => run(['account', 'create', email], { DATA_DIR })))
    for (const { code, stderr } of made) {
      expect({
        code,
        audit: auditOf(stderr.replace(/^The ur name of the account is ur\w{24}\n/m, '')),
      }).toEqual({ code: 0, audit: ['account_created'] })
    }
    const path = join(DATA_DIR, 'root.key')
    expect(await readFile(path, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await stat(DATA_DIR)).mode & 0o777).toBe(0o700)
    expect((await readdir(DATA_DIR)).filter((name) => name.startsWith('root.key'))).toEqual(['root.key'])
    // An account sealed under another key would be unreadable.
    const { stdout } = await run(['account', 'list'], { DATA_DIR })
    expect(stdout.match(/\S+@\S+/g)?.sort()).toEqual(emails)
  })
})

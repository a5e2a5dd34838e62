import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { failureAtTerminal } from '../support/json-log.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { freePort } from '../support/redis-process.ts'
import { idOf, OTHER_ROOT_KEY, ROOT_KEY } from '../support/root-keys.ts'
import { startSmtpServer } from '../support/smtp.ts'
import { createStore, run, temporaryFolder } from './emberlink.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

let redis: RedisServer
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())

describe('emberlink check', () => {
  it('validates the settings and the embedded store, and prints warnings', async () => {
    const DATA_DIR = join(await temporaryFolder(), 'data')
    await createStore({ DATA_DIR })
    const { code, stdout, stderr } = await run(['check'], { DATA_DIR })
    const lines = stdout.trim().split('\n')
    const warnings = lines.filter((line) => line.startsWith('warning: '))
    expect([...lines.filter((line) => !warnings.includes(line)), stderr]).toEqual([
      'settings: good',
      'store: accepts writes',
      'root keys: none recorded in this store yet',
      expect.stringMatching(/^clock: /),
      'email: not configured',
      '',
    ])
    // The machine's temporary folder may be on a file system that loses data.
    expect(code).toBe(warnings.length === 0 ? 0 : 1)
  })

  it('creates nothing where there is no embedded store yet, and warns of a folder above it that is missing', async () => {
    const parent = await temporaryFolder()
    const checked = async (DATA_DIR: string) => {
      const { code, stdout, stderr } = await run(['check'], { DATA_DIR })
      // The machine's temporary folder may be on a file system that loses data.
      const lines = stdout.split('\n').filter((line) => !line.startsWith('warning: the data folder'))
      expect(code).toBe(lines.join('\n') === stdout ? 0 : 1)
      return { lines, stderr }
    }
    const missing = join(parent, 'disk')
    for (const [DATA_DIR, warnings] of [
      [parent, []],
      [
        join(missing, 'data'),
        [
          `warning: DATA_DIR: ${missing} does not exist either: if that is a disk, mount it before the first start`,
        ],
      ],
    ] as const)
      expect(await checked(DATA_DIR)).toEqual({
        lines: [
          'settings: good',
          `store: none yet in ${DATA_DIR}: the first start creates it`,
          ...warnings,
          'email: not configured',
          '',
        ],
        stderr: '',
      })
    expect(readdirSync(parent)).toEqual([])
  })

  it('ends quietly when its reader has seen enough, and fails when its output is lost', async () => {
    const ended = (line: string) =>
      spawnSync('bash', ['--norc', '-c', `${line}; exit \${PIPESTATUS[0]}`, process.execPath, MAIN], {
        env: { PATH: process.env['PATH'], DATA_DIR: '/nowhere/data' },
        encoding: 'utf8',
      })
    expect(ended('"$0" "$1" check | true')).toMatchObject({ status: 0, stderr: '' })
    expect(ended('"$0" "$1" check > /dev/full')).toMatchObject({
      status: 1,
      stderr: 'emberlink: standard output: ENOSPC: no space left on device, write\n',
    })
  })

  it('F14, F24: warns of what Redis may lose, and fails', async () => {
    const careless = await startRedis({
      appendonly: 'no',
      'maxmemory-policy': 'allkeys-lru',
      maxmemory: '100mb',
    })
    try {
      const { code, stdout } = await run(['check'], { REDIS_URL: careless.url, ROOT_KEY })
      expect(code).toBe(1)
      expect(stdout).toMatch(/^settings: good\nstore: accepts writes\n(warning: .+\n){2,}root keys: /)
    } finally {
      await careless.stop()
    }
    expect((await run(['check'], { REDIS_URL: redis.url, ROOT_KEY })).code).toBe(0)
  })

  it('says how many replicas there are of how many, when too few confirm', async () => {
    expect(await run(['check'], { REDIS_URL: `${redis.url}?replicas=2`, ROOT_KEY })).toMatchObject({
      code: 1,
      stdout: 'settings: good\nstore: failed\nemail: not configured\n',
      stderr:
        'emberlink: store_unavailable: nothing can be stored, revealed or burned: REDIS_URL has ?replicas=2, and Redis has 0 connected: start the missing ones, or name fewer\n',
    })
  })

  it('prints every fault of the settings, and no secret', async () => {
    const { code, stdout, stderr } = await run(['check'], {
      REDIS_URL: 'hunter2',
      WORKERS: '0',
      TRUST_PROXY: '0.0.0.0/0',
    })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr.match(/^emberlink: [A-Z_]+/gm)?.sort()).toEqual([
      'emberlink: REDIS_URL',
      'emberlink: ROOT_KEY',
      'emberlink: TRUST_PROXY',
      'emberlink: WORKERS',
    ])
    expect(stderr).not.toContain('hunter2')
  })

  it('F41: warns of a server that others can reach without PUBLIC_URL, and says what links begin with', async () => {
    const env = { DATA_DIR: join(await temporaryFolder(), 'data'), BIND: '0.0.0.0', PORT: '8080' }
    const { stdout } = await run(['check'], env)
    expect(stdout).toContain(
      'warning: PUBLIC_URL is not set, although BIND is 0.0.0.0: all links will begin with http://127.0.0.1:8080\n',
    )
    const set = await run(['check'], { ...env, PUBLIC_URL: 'https://secrets.example.com' })
    expect(set.stdout).not.toContain('PUBLIC_URL')
  })

  it('warns of names that other software uses too, without failing', async () => {
    const env = { REDIS_URL: redis.url, ROOT_KEY, REDIS_PASSWORD: 'hunter2', SMTP_HOST: 'mail' }
    expect(await run(['check'], env)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^settings: good\nwarning: ignored in the environment, not a setting: REDIS_PASSWORD, SMTP_HOST\nstore: accepts writes\nroot keys: .+\nclock: .+\nemail: not configured\n$/,
      ),
      stderr: '',
    })
  })
})

describe('emberlink check of what the settings name', () => {
  const settings = () => ({ REDIS_URL: redis.url, ROOT_KEY })
  const email = (url: string) => ({ ...settings(), SMTP_URL: url, MAIL_FROM: 'no-reply@example.com' })

  it('compares its clock with that of Redis', async () => {
    expect((await run(['check'], settings())).stdout).toMatch(/^clock: 0\.\d s apart from that of Redis$/m)
  })

  it('says that clocks were not compared where Redis does not permit TIME', async () => {
    await redis.client.acl('SETUSER', 'guest', 'on', '>word', '~*', '+@all', '-time')
    const REDIS_URL = `redis://guest:word@127.0.0.1:${redis.port}`
    expect((await run(['check'], { REDIS_URL, ROOT_KEY })).stdout).toMatch(
      /^clock: not compared, because Redis does not permit TIME$/m,
    )
  })

  it('tries the root keys, and names those that are missing', async () => {
    const DATA_DIR = join(await temporaryFolder(), 'data')
    const line = async (ROOT_KEY: string) =>
      /^root keys: .+$/m.exec((await run(['check'], { DATA_DIR, ROOT_KEY })).stdout)?.[0]
    for (const [email, ring] of [
      ['ana@example.com', ROOT_KEY],
      ['bo@example.com', `${OTHER_ROOT_KEY},${ROOT_KEY}`],
    ] as const) {
      expect((await run(['account', 'create', email], { DATA_DIR, ROOT_KEY: ring })).code).toBe(0)
    }
    expect(await line(`${OTHER_ROOT_KEY},${ROOT_KEY}`)).toBe('root keys: open what the store holds')
    expect(await line(OTHER_ROOT_KEY)).toBe(
      `root keys: open what the newest one sealed, but not what older ones did: ${idOf(ROOT_KEY)}`,
    )
    expect(await line(ROOT_KEY)).toBe('root keys: failed')
  })

  it('connects to the SMTP server, greets and logs in, and sends nothing', async () => {
    const smtp = await startSmtpServer('accept', ['AUTH'])
    onTestFinished(() => smtp.close())
    const url = smtp.url.replace('//', '//mailer:right%3A%20%2F%20%40@')
    const PUBLIC_URL = 'https://secrets.example.com'
    const { code, stdout, stderr } = await run(['check'], { ...email(url), PUBLIC_URL })
    expect({ code, stderr, line: /^email: .+$/m.exec(stdout)?.[0] }).toEqual({
      code: 0,
      stderr: '',
      line: `email: ${new URL(smtp.url).host} answers, not encrypted, greeted as secrets.example.com, logged in`,
    })
    expect(smtp.emails).toEqual([])
    await expect.poll(() => smtp.connections()).toBe(0)
  })

  it('fails when the login is rejected, and shows neither user nor password', async () => {
    const smtp = await startSmtpServer('accept', ['AUTH'])
    onTestFinished(() => smtp.close())
    const { code, stdout, stderr } = await run(['check'], email(smtp.url.replace('//', '//hunter1:hunter2@')))
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toMatch(/^email: failed: SMTP_URL, [^:]+:\d+: login rejected \(535\b.*\)$/m)
    expect(stdout).not.toMatch(/hunter|@/)
  })

  it('warns of an SMTP server on another machine that is not encrypted, without failing', async () => {
    const smtp = await startSmtpServer()
    onTestFinished(() => smtp.close())
    const { code, stdout } = await run(['check'], email(smtp.url.replace('127.0.0.1', '0.0.0.0')))
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /, not encrypted, .+\nwarning: emails and the links in them cross the network in clear/,
    )
  })

  it('tries email also when the store fails', async () => {
    const port = await freePort()
    const { code, stdout, stderr } = await run(['check'], {
      ...email(`smtp://127.0.0.1:${port}`),
      REDIS_URL: `redis://127.0.0.1:${await freePort()}`,
    })
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: `settings: good\nstore: failed\nemail: failed: SMTP_URL, 127.0.0.1:${port}: connection refused (ECONNREFUSED)\n`,
      stderr: expect.stringMatching(/^emberlink: store_unavailable: REDIS_URL: .*ECONNREFUSED/),
    })
  })
})

describe('METRICS and PORT that collide', () => {
  it.each(['check', 'serve'])('are a fault of the settings for `emberlink %s`', async (command) => {
    const port = String(await freePort())
    const settings = { DATA_DIR: await temporaryFolder(), PORT: port, METRICS: `127.0.0.1:${port}` }
    const failed = await run([command], settings)
    expect({ ...failed, stderr: failureAtTerminal(command, failed.stderr) }).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: expect.stringMatching(/^emberlink: METRICS: has the port of PORT, [^\n]+\n$/),
    })
  })
})

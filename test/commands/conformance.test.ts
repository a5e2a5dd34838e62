import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type ConformanceOptions, conformance as runConformance } from '../../src/commands/conformance.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA } from '../api/client.ts'
import { startBrokenServer } from '../conformance/broken-server.ts'
import { run, start, temporaryFolder } from './emberlink.ts'

const NOWHERE = 'http://127.0.0.1:1'
/** Requests that nothing comes of: neither a response nor an error. */
const NEVER_ANSWERED = `
const { EventEmitter } = require('node:events')
require('node:http').request = () => Object.assign(new EventEmitter(), { end() {} })
`
const PATIENCE_MS = 30_000
const NO_OPTIONS: ConformanceOptions = {
  account: undefined,
  'token-file': undefined,
  only: undefined,
  list: undefined,
  json: undefined,
  junit: undefined,
  timeout: undefined,
}

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ accounts: { [ANA.email]: ANA.token } })
})
afterAll(() => server.close())

const conformance = (args: readonly string[], settings = {}) => run(['conformance', ...args], settings)

describe('emberlink conformance', () => {
  it('says what it will do, prints a table and writes both reports; 0 for a server that agrees', async () => {
    const folder = await temporaryFolder()
    const [json, junit] = [join(folder, 'report.json'), join(folder, 'report.xml')]
    const only = ['--only', 'v1/status,v1/share/metadata']
    const reports = ['--json', json, '--junit', junit]
    const { code, stdout, stderr } = await conformance([server.url, ...only, ...reports])
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: [
        `7 checks of ${server.url} (v1), with at most 1500 requests.`,
        'They create 1 secret of their own, and reveal or burn what they create; receipts expire by themselves.\n\n',
      ].join('\n'),
    })
    expect(stdout).toMatch(/^agrees {3}v1\/status\/get .* docs\/api\/v1\.md#3-endpoints .*GET \/status/m)
    expect(stdout).toContain('6 agree, 0 differ, 1 not run\n')
    expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({
      server: server.url,
      summary: { agrees: 6 },
    })
    expect(await readFile(junit, 'utf8')).toContain('<testsuites name="emberlink conformance" tests="7"')
  })

  it('takes the token from the command line, a file or the environment, and never prints it', async () => {
    const file = join(await temporaryFolder(), 'token')
    await writeFile(file, `${ANA.token}\n`)
    const only = [server.url, '--only', 'v1/status/authcheck']
    for (const ended of await Promise.all([
      conformance([...only, '--account', `${ANA.email}:${ANA.token}`]),
      conformance([...only, '--account', ANA.email, '--token-file', file]),
      conformance([...only, '--account', ANA.email], { EMBERLINK_TOKEN: ANA.token }),
    ])) {
      expect(ended).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('1 agree, 0 differ, 0 not run'),
      })
      expect(ended.stdout + ended.stderr).not.toContain(ANA.token)
    }
  })

  it('exits with 1 where anything differs, and writes a report to standard output alone', async () => {
    const broken = await startBrokenServer(server.url)
    onTestFinished(() => broken.stop())
    broken.breakBy(async (request, forward) =>
      request.path === '/api/v1/authcheck' ? { status: 404, headers: {}, text: '{}' } : forward(request),
    )
    const args = ['--only', 'v1/status/authcheck', '--account', `${ANA.email}:${ANA.token}`]
    const { code, stdout, stderr } = await conformance([broken.url, ...args, '--json', '-'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      results: [
        {
          outcome: 'differs',
          section: 'docs/api/v1.md#3-endpoints',
          differences: [{ at: 'GET /api/v1/authcheck: status', expected: '200', came: '404' }, {}],
        },
      ],
    })
    expect(stderr).toContain('DIFFERS  v1/status/authcheck')
    expect(stdout + stderr).not.toContain(ANA.token)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'reports a run that %s cut short, and removes what it created',
    async (name) => {
      const broken = await startBrokenServer(server.url)
      onTestFinished(() => broken.stop())
      const run = start(['conformance', broken.url, '--only', 'v1/share', '--json', '-'], {})
      broken.breakBy(async (request, forward) => {
        const reply = await forward(request)
        // The second one is what npx adds to a Ctrl-C.
        if (/^secret=/.test(request.body.toString())) for (const _ of [1, 2]) run.process.kill(name)
        return reply
      })
      const { code, stdout, stderr } = await run.ended
      expect(stderr).toContain('emberlink: stopping after this check; another signal ends at once\n')
      expect(stderr).toMatch(/, [1-9]\d* secrets? created, all removed\n$/)
      const { results } = JSON.parse(stdout)
      expect(results.at(0)).toMatchObject({ outcome: 'agrees' })
      expect(results.at(-1)).toMatchObject({ outcome: 'not run', reason: 'the run was cut short' })
      expect(code).toBe(2)
    },
  )

  it('ends at once with the second SIGINT, whatever it waits for', async () => {
    const broken = await startBrokenServer(server.url)
    onTestFinished(() => broken.stop())
    const run = start(['conformance', broken.url, '--only', 'v1/share', '--timeout', '300'], {})
    const asked = new Promise<void>((resolve) => {
      broken.breakBy((request, forward) => {
        if (request.body.length === 0) return forward(request)
        resolve()
        return new Promise(() => undefined)
      })
    })
    await asked
    await vi.waitUntil(() => run.process.signalCode !== null || (run.process.kill('SIGINT') && undefined), {
      timeout: PATIENCE_MS,
    })
    expect(await run.ended).toMatchObject({ signal: 'SIGINT', stdout: '' })
  })

  it('lists its checks without a server', async () => {
    const { code, stdout } = await conformance(['--list', '--only', 'v2/burn'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^v2\/burn\/response +docs\/api\/v2\.md#4-responses {2}a burn answers/)
  })

  it('exits with 2 when it cannot be run', async () => {
    const [misused, unreachable] = await Promise.all([conformance([]), conformance([NOWHERE])])
    expect(misused).toMatchObject({ code: 2, stdout: '' })
    expect(misused.stderr).toMatch(/^emberlink: missing argument URL\nUsage: emberlink conformance /)
    expect(unreachable).toMatchObject({ code: 2, stdout: '' })
    expect(unreachable.stderr).toContain('emberlink: the server cannot be reached: ECONNREFUSED\n')
  })

  it('fails when nothing is left that could end it', async () => {
    const preload = join(await temporaryFolder(), 'preload.cjs')
    await writeFile(preload, NEVER_ANSWERED)
    expect(await conformance([NOWHERE], { NODE_OPTIONS: `--require=${preload}` })).toMatchObject({
      code: 1,
      stdout: '',
    })
  })

  it.each([
    ['secrets.example.com', {}, 'URL must begin with http:// or https://'],
    ['https://ana:x@example.com', {}, 'URL must have neither credentials nor a query; see --account'],
    [NOWHERE, { only: 'v1,v9' }, '--only names no check; --list prints them'],
    [NOWHERE, { account: 'ana' }, '--account must be EMAIL or EMAIL:TOKEN'],
    [NOWHERE, { account: ANA.email }, 'no token: use --token-file, or set EMBERLINK_TOKEN'],
    [NOWHERE, { 'token-file': 'a' }, '--token-file requires --account'],
    [NOWHERE, { account: 'a@b.c:d', 'token-file': 'a' }, 'the token is given twice'],
    [NOWHERE, { account: 'a@b.c', 'token-file': '/no/file' }, 'the token cannot be read: ENOENT'],
    [NOWHERE, { timeout: '0' }, '--timeout must be a number of seconds up to 300'],
    [NOWHERE, { json: '-', junit: '-' }, '--json and --junit name the same file'],
  ])('rejects %s with %o: %s', async (address, options, reason) => {
    const rejected = runConformance(address, { ...NO_OPTIONS, ...options })
    await expect(rejected).rejects.toMatchObject({ exitStatus: 2, message: expect.stringContaining(reason) })
  })
})

import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { api, basic } from '../api/client.ts'
import { messagesOf } from '../support/json-log.ts'
import { describeRunners } from './runners.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const ACCOUNT = ['ana@example.com', '0123456789abcdef'] as const

const execute = promisify(execFile)

interface Packed {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

let project: string
let packed: Packed
beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'emberlink-consumer-'))
  const { stdout } = await execute(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', project],
    { cwd: ROOT },
  )
  packed = (JSON.parse(stdout) as Packed[])[0] as Packed
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'consumer', type: 'module', private: true }),
  )
  await execute('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${packed.filename}`], {
    cwd: project,
  })
})
afterAll(() => rmSync(project, { recursive: true, force: true }))

describe('the packed package', () => {
  it('contains what runs, and nothing else', () => {
    const paths = packed.files.map(({ path }) => path)
    const beside = paths.filter((path) => !/^(dist|docker|docs)\//.test(path))
    expect(beside.sort()).toEqual([
      '.env.example',
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'package.json',
      'src/crypto/SPEC.md',
    ])
    const tracked = execFileSync('git', ['ls-files', 'docker', 'docs'], { cwd: ROOT, encoding: 'utf8' })
    expect(paths.filter((path) => /^(docker|docs)\//.test(path)).sort()).toEqual(
      tracked.trim().split('\n').sort(),
    )
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    const data = sources.filter(
      (path) =>
        /\.\w+$/.test(path) && !/\.(ts|md)$/.test(path) && !/^web\/(browser|assets\/style)\//.test(path),
    )
    const expected = [...data, 'main.js', 'testing.js', 'testing.d.ts', 'package.json']
    const inDist = paths.filter((path) => path.startsWith('dist/')).map((path) => path.slice('dist/'.length))
    expect(expected.filter((path) => !inDist.includes(path))).toEqual([])
    // The rest are the chunks of the bundle, and the declarations that those of `testing` import.
    const rest = inDist.filter((path) => !expected.includes(path))
    expect(rest.filter((path) => !/^\w[\w-]*\.js$|\.d\.ts$/.test(path))).toEqual([])
    expect(rest.length).toBeLessThan(60)
  })

  it('has pages that link to nothing that it lacks', () => {
    const installed = join(project, 'node_modules/emberlink')
    const pages = packed.files.map(({ path }) => path).filter((path) => path.endsWith('.md'))
    const links = pages.flatMap((page) =>
      [...readFileSync(join(installed, page), 'utf8').matchAll(/\]\((?!\w+:|#)([^)\s#]+)/g)].map(
        ([, target = '']) => ({ page, target, file: join(installed, dirname(page), target) }),
      ),
    )
    expect(links.length).toBeGreaterThan(100)
    expect(
      links.filter(({ file }) => relative(installed, file).startsWith('..') || !existsSync(file)),
    ).toEqual([])
  })

  it('is the same byte for byte when it is built in another folder, time zone and umask', async () => {
    const clone = mkdtempSync(join(tmpdir(), 'another folder-'))
    onTestFinished(() => rmSync(clone, { recursive: true, force: true }))
    const { stdout } = await execute('git', ['ls-files', '-z'], { cwd: ROOT, maxBuffer: 2 ** 24 })
    const needed = /^(src|scripts|docker|docs)\/|^[^/]+$/
    for (const path of stdout.split('\0').filter((path) => needed.test(path) && existsSync(join(ROOT, path))))
      cpSync(join(ROOT, path), join(clone, path))
    symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'))
    const build = 'umask 077 && node scripts/build.mjs && npm pack --ignore-scripts'
    await execute('sh', ['-c', build], { cwd: clone, env: { ...process.env, TZ: 'Asia/Tokyo' } })
    const [first, second] = [project, clone].map((folder) => readFileSync(join(folder, packed.filename)))
    expect(second?.equals(first as Buffer)).toBe(true)
  })

  it('installs the command, and no package that only tests or some deployments need', async () => {
    expect(existsSync(join(project, 'node_modules/.bin/emberlink'))).toBe(true)
    for (const name of ['@opentelemetry/sdk-node', '@fastify/swagger', 'vitest'])
      expect(existsSync(join(project, 'node_modules', name)), name).toBe(false)
  })

  it('installs at most 60 MB', () => {
    const paths = readdirSync(join(project, 'node_modules'), { recursive: true, encoding: 'utf8' })
    const sizes = paths.map((path) => lstatSync(join(project, 'node_modules', path)).size)
    const megabytes = sizes.reduce((sum, size) => sum + size, 0) / 1e6
    expect(megabytes).toBeGreaterThan(20)
    expect(megabytes).toBeLessThan(60)
  })

  it('says what to install when the packages for traces are missing', async () => {
    const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }
    const env = { PATH: process.env['PATH'], PORT: '0', DATA_DIR: join(project, 'data'), ...settings }
    const main = join(project, 'node_modules/emberlink/dist/main.js')
    const failure: { code?: number; stderr?: string } = await execute(process.execPath, [main], { env }).then(
      () => ({}),
      (error: object) => error,
    )
    expect(failure.code).toBe(1)
    expect(messagesOf(failure.stderr ?? '')).toBe(
      'OTEL_* needs packages that are not installed: npm i @fastify/otel@0.21 @opentelemetry/api@1.9 @opentelemetry/sdk-node@0.222\n',
    )
  })
})

describe("import { startTestServer } from 'emberlink/testing'", () => {
  it('gives a strict TypeScript project a server in under a second', async () => {
    cpSync(join(ROOT, 'test/package/consumer.ts.txt'), join(project, 'consumer.ts'))
    await compile({ module: 'NodeNext' }, 'consumer.ts')
    const { stdout } = await execute(process.execPath, ['consumer.js'], { cwd: project })
    const { processorMs, ...found } = JSON.parse(stdout)
    expect(found).toEqual({
      custid: ACCOUNT[0],
      ttl: 3600,
      state: 'expired',
      to: 'bo@example.com',
      language: 'en',
      linkIsRight: true,
    })
    expect(processorMs).toBeLessThan(1000)
  })

  it.each([
    { module: 'Node16' },
    { module: 'NodeNext' },
    { module: 'Preserve', moduleResolution: 'Bundler' },
  ])('has the right types for ESM and CommonJS under %j', async (options) => {
    const source = `import { startTestServer, type TestServer } from 'emberlink/testing'
export const start = (): Promise<TestServer> => startTestServer({ settings: { TTL_DEFAULT: '60' } })
// @ts-expect-error There is no such option.
export const wrong = () => startTestServer({ setting: {} })
`
    for (const name of ['types.mts', 'types.cts']) writeFileSync(join(project, name), source)
    await compile({ ...options, noEmit: true }, 'types.mts', 'types.cts')
  })

  async function compile(options: object, ...files: readonly string[]): Promise<void> {
    const compilerOptions = {
      target: 'ES2023',
      lib: ['ES2023', 'DOM'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noPropertyAccessFromIndexSignature: true,
      skipLibCheck: false,
      types: ['node'],
      typeRoots: [join(ROOT, 'node_modules/@types')],
      ...options,
    }
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
    await execute(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', project])
  }
})

describeRunners(() => project)

describe('npx emberlink serve --ephemeral', () => {
  it('prints its address as one line of JSON, knows its accounts, and exits with its parent', async () => {
    const { url, child, ended } = await launch('npx', ['emberlink'], 'pipe')
    const { status } = await api({ url }, basic(...ACCOUNT)).get('/authcheck')
    expect(status).toBe(200)
    const { body } = await api({ url }).post('/share', { secret: 'from the shell' })
    expect((await api({ url }).post(`/secret/${body.secret_key}`)).body.value).toBe('from the shell')
    child.stdin?.end()
    expect(await ended).toEqual([0, null])
    await expect(fetch(url)).rejects.toThrow()
  })

  it('reveals a secret with a passphrase after the packages were pruned as in the image', async () => {
    const [from, to] = [join(project, 'node_modules'), join(project, 'pruned/node_modules')]
    cpSync(from, to, { recursive: true })
    await execute(process.execPath, [join(ROOT, 'docker/prune-packages.mjs'), to])
    cpSync(join(from, 'emberlink'), join(project, 'pruned'), { recursive: true })
    const main = join(project, 'pruned/dist/main.js')
    const { url, child, ended } = await launch(process.execPath, [main], 'ignore', { METRICS: '127.0.0.1:0' })
    const { body } = await api({ url }).post('/share', { secret: 'x', passphrase: 'word' })
    const reveal = await api({ url }).post(`/secret/${body.secret_key}`, { passphrase: 'word' })
    expect(reveal.body.value).toBe('x')
    child.kill()
    expect(await ended).toEqual([0, null])
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('starts with metrics, and exits on %s', async (signal) => {
    // Without prom-client there would be no start.
    const { child, ended } = await launch(process.execPath, [bin()], 'ignore', { METRICS: '127.0.0.1:0' })
    child.kill(signal)
    expect(await ended).toEqual([0, null])
  })

  it('keeps serving without standard input, until any of its ancestors is killed', async () => {
    const shell = ['-c', '"$0" "$@" & wait', process.execPath, bin()]
    const { url, child } = await launch('/bin/sh', shell, 'ignore')
    await sleep(500)
    expect((await api({ url }).get('/status')).status).toBe(200)
    child.kill('SIGKILL')
    const state = () =>
      fetch(url).then(
        () => 'serving',
        () => 'stopped',
      )
    await expect.poll(state).toBe('stopped')
  })

  it('reads neither the environment nor .env, and leaves no store behind', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'emberlink-ephemeral-'))
    onTestFinished(() => rmSync(temporary, { recursive: true, force: true }))
    writeFileSync(join(temporary, '.env'), 'NO_SETTING=1\n')
    const env = {
      ...process.env,
      TMPDIR: temporary,
      REDIS_URL: 'redis://127.0.0.1:1',
      ANONYMOUS_CREATE: 'off',
    }
    const { url, child, ended } = await launch(process.execPath, [bin()], 'pipe', {}, { env, cwd: temporary })
    expect((await api({ url }).post('/share', { secret: 'x' })).status).toBe(200)
    expect(readdirSync(temporary)).toHaveLength(2)
    child.stdin?.end()
    await ended
    expect(readdirSync(temporary)).toEqual(['.env'])
  })

  it.each([
    [['--ephemeral', '--what']],
    [['--port', '0']],
    [['--ephemeral', 'more']],
    [['--ephemeral', '--port']],
  ])('rejects the arguments %j', async (args) => {
    const failure = await failureOf(args)
    expect(failure.code).toBe(2)
    expect(failure.stderr).toMatch(/^emberlink: .+\nUsage: emberlink serve \[OPTIONS\]\n$/)
  })

  it('rejects a malformed account or port, and shows no token', async () => {
    const account = await failureOf(['--ephemeral', '--account', 'ana@example.com:t0ken'])
    expect(account.code).toBe(1)
    expect(account.stderr).toMatch(/^emberlink: ACCOUNTS: /)
    expect(account.stderr).not.toContain('t0ken')
    expect((await failureOf(['--ephemeral', '--port', '99999'])).stderr).toMatch(/^emberlink: PORT: /)
  })
})

function bin(): string {
  return join(project, 'node_modules/emberlink/dist/main.js')
}

async function failureOf(args: readonly string[]): Promise<{ code?: number; stderr: string }> {
  return execute(process.execPath, [bin(), 'serve', ...args]).then(
    () => ({ stderr: 'it did not fail' }),
    (error: { code: number; stderr: string }) => error,
  )
}

async function launch(
  command: string,
  args: readonly string[],
  stdin: 'pipe' | 'ignore',
  settings: Readonly<Record<string, string>> = {},
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
) {
  const set = Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`])
  const flags = ['serve', '--ephemeral', '--port', '0', '--account', ACCOUNT.join(':'), ...set]
  const child = spawn(command, [...args, ...flags], {
    cwd: project,
    ...options,
    stdio: [stdin, 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'exit')
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  const [line] = (await once(lines, 'line')) as [string]
  const { url } = JSON.parse(line) as { url: string }
  return { url, child, ended }
}

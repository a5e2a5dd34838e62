import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import dockerignore from '@balena/dockerignore'
import { describe, expect, it } from 'vitest'
import { startTestServer } from '../../src/testing.ts'
import { ROOT } from './compose.ts'

const dockerfile = readFileSync(`${ROOT}Dockerfile`, 'utf8').replaceAll('\\\n', '')
const instructions = [...dockerfile.matchAll(/^([A-Z]+) (.*)$/gm)].map(
  ([, name = '', rest = '']) => [name, rest] as const,
)
const stages = dockerfile.split(/^(?=FROM )/m).slice(1)
const last = stages.at(-1) ?? ''

const ignored = dockerignore.default().add(readFileSync(`${ROOT}.dockerignore`, 'utf8'))
const inContext = (path: string) => !ignored.ignores(path)

describe('Dockerfile', () => {
  it('passes dockerfilelint', () => {
    const { status, stdout } = spawnSync('dockerfilelint', ['--output', 'json', `${ROOT}Dockerfile`], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${ROOT}node_modules/.bin:${process.env['PATH']}` },
    })
    expect({ status, issues: JSON.parse(stdout).totalIssues }).toEqual({ status: 0, issues: 0 })
  })

  it('builds every stage on the slim image of one LTS release of Node.js', () => {
    for (const stage of stages) expect(stage).toMatch(/^FROM node:24-bookworm-slim( AS \w+)?\n/)
  })

  it('installs by the lockfile without scripts of packages, and keeps only what production needs', () => {
    for (const [, command] of dockerfile.matchAll(/(npm (?:ci|install|i)\b.*)/g)) {
      expect(command).toMatch(/^npm ci .*--ignore-scripts/)
    }
    expect(stages.find((stage) => stage.includes('AS production'))).toContain('--omit=dev')
    expect(last).toContain('COPY --from=production /app/node_modules')
  })

  it('runs node itself as process 1, as a numeric user that is not root', () => {
    expect(last).toMatch(/^USER [1-9]\d+:[1-9]\d+$/m)
    expect(last).toMatch(/^ENTRYPOINT \["node", "\/app\/dist\/main\.js"\]$/m)
    expect(last).toMatch(/^CMD \["serve"\]$/m)
  })

  it('F25: keeps the data on a volume that belongs to its user', () => {
    expect(last).toMatch(/^VOLUME \/data$/m)
    expect(last).toMatch(/DATA_DIR=\/data\b/)
    expect(last).toMatch(/install -d -o 10001 -g 10001 -m 0700 \/data/)
    expect(last).toMatch(/^USER 10001:10001$/m)
  })

  it('leaves two threads of the pool to files and host names while Argon2 hashes', () => {
    expect(Number(/UV_THREADPOOL_SIZE=(\d+)/.exec(last)?.[1])).toBeGreaterThanOrEqual(4)
  })

  it('is labelled with the version of this package', () => {
    const { version, license } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'))
    expect(last).toContain(`org.opencontainers.image.version="${version}"`)
    expect(last).toContain(`org.opencontainers.image.licenses="${license}"`)
  })

  it('holds no secret', () => {
    for (const [name, rest] of instructions) {
      if (name === 'ENV' || name === 'ARG') expect(rest).not.toMatch(/KEY|TOKEN|PASS|SECRET|ACCOUNTS|_URL/)
    }
  })
})

describe('.dockerignore', () => {
  it.each([
    '.env',
    '.env.example',
    '.git/config',
    'data/root.key',
    'node_modules/argon2/package.json',
    'dist/main.js',
    'test/docker/image.test.ts',
    'coverage/index.html',
    'docker/regions/Caddyfile',
    'id_rsa',
    'notes.txt',
  ])('keeps %s out of the build context', (path) => {
    expect(inContext(path)).toBe(false)
  })

  it('lets through exactly the files that the Dockerfile copies', () => {
    const copied = instructions
      .filter(([name, rest]) => name === 'COPY' && !rest.startsWith('--from'))
      .flatMap(([, rest]) => rest.split(' ').slice(0, -1))
    const tracked = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n')
    const context = tracked.filter(inContext)
    for (const path of copied) expect(context).toContainEqual(expect.stringMatching(`^${path}(/|$)`))
    for (const path of context)
      expect(copied).toContainEqual(expect.toSatisfy((source) => covers(source, path)))
  })
})

describe('docker/healthcheck.mjs', () => {
  async function check(port: number | string): Promise<number> {
    const child = spawn(process.execPath, [`${ROOT}docker/healthcheck.mjs`], { env: { PORT: String(port) } })
    const [status] = await once(child, 'exit')
    return status
  }

  it('succeeds while the server is ready', async () => {
    const server = await startTestServer()
    const { port } = new URL(server.url)
    expect(await check(port)).toBe(0)
    await server.close()
    expect(await check(port)).toBe(1)
  })

  it('fails while the server answers that it is not ready', async () => {
    const server = createServer((_request, response) => response.writeHead(503).end())
    await once(server.listen(0, '127.0.0.1'), 'listening')
    expect(await check((server.address() as AddressInfo).port)).toBe(1)
    server.close()
  })
})

function covers(source: string, path: string): boolean {
  return path === source || path.startsWith(`${source}/`)
}

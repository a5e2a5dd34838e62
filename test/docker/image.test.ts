import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import dockerignore from '@balena/dockerignore'
import { describe, expect, it, onTestFinished } from 'vitest'
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
    // The linter is older than this option.
    const linted = `${temporaryFolder()}/Dockerfile`
    writeFileSync(
      linted,
      readFileSync(`${ROOT}Dockerfile`, 'utf8').replaceAll('--platform=$BUILDPLATFORM ', ''),
    )
    const { status, stdout } = spawnSync('dockerfilelint', ['--output', 'json', linted], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${ROOT}node_modules/.bin:${process.env['PATH']}` },
    })
    expect({ status, issues: JSON.parse(stdout).totalIssues }).toEqual({ status: 0, issues: 0 })
  })

  it('builds every stage on the slim image of one LTS release of Node.js', () => {
    for (const stage of stages) {
      // The image is of the wanted platform; what only prepares its files runs on that of the machine, without emulation.
      const platform = stage === last ? '' : '--platform=\\$BUILDPLATFORM '
      expect(stage).toMatch(new RegExp(`^FROM ${platform}node:26-bookworm-slim( AS \\w+)?\n`))
    }
  })

  it('installs by the lockfile without scripts of packages, and keeps only what production needs', () => {
    for (const [, command] of dockerfile.matchAll(/(npm (?:ci|install|i)\b[^&\n]*)/g)) {
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

  it('is labelled with the version of this package, and with the repository and commit that the build names', () => {
    const { version, license } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'))
    const labels = [...last.matchAll(/org\.opencontainers\.image\.([\w.]+)="([^"]*)"/g)]
    expect(Object.fromEntries(labels.map(([, name, value]) => [name, value]))).toMatchObject({
      title: 'Emberlink',
      version,
      licenses: license,
      source: '$SOURCE',
      url: '$SOURCE',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Docker replaces it.
      documentation: '${SOURCE:+$SOURCE#readme}',
      revision: '$REVISION',
      created: '$CREATED',
      'base.name': `docker.io/library/${/^FROM (\S+)/.exec(last)?.[1]}`,
    })
    for (const name of ['SOURCE', 'REVISION', 'CREATED'])
      expect(last).toMatch(new RegExp(`^ARG ${name}=""$`, 'm'))
  })

  it('has the license, and the command on the PATH', () => {
    expect(last).toMatch(/^COPY package\.json LICENSE \.\/$/m)
    expect(last).toContain('ln -s /app/dist/main.js /usr/local/bin/emberlink')
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

describe('docker/add-peers.mjs', () => {
  it('makes the optional peer dependencies dependencies, in the versions that are tested', () => {
    const manifest = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'))
    const folder = temporaryFolder()
    writeFileSync(`${folder}/package.json`, JSON.stringify(manifest))
    execFileSync(process.execPath, [`${ROOT}docker/add-peers.mjs`], { cwd: folder })
    const changed = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
    const peers = Object.keys(manifest.peerDependencies)
    expect(peers).toContain('@opentelemetry/sdk-node')
    for (const name of peers) {
      expect(changed.dependencies[name]).toBe(manifest.devDependencies[name])
      expect(changed.devDependencies).not.toHaveProperty([name])
    }
    expect(Object.keys(changed.dependencies)).toEqual([...Object.keys(manifest.dependencies), ...peers])
  })
})

describe('docker/prune-packages.mjs', () => {
  it.each(['x64', 'arm64'])('keeps code, licenses, and what is native to %s with glibc', (cpu) => {
    const kept = [
      'a/package.json',
      'a/LICENSE.md',
      'a/index.cjs',
      'a/lib/test/rules.js',
      'a/node_modules/@b/c/index.js',
      'a/service.proto',
      '@opentelemetry/api/build/src/index.js',
      `argon2/prebuilds/linux-${cpu}/argon2.glibc.node`,
      `@lmdb/lmdb-linux-${cpu}/node.napi.glibc.node`,
    ]
    const deleted = [
      'a/README.md',
      'a/index.d.cts',
      'a/index.js.map',
      'a/test/a.js',
      'a/.claude/worktree/a.js',
      'a/node_modules/@b/c/benchmark/run.js',
      'a/node_modules/@opentelemetry/core/build/esm/index.js',
      'a/src/binding.cpp',
      `argon2/prebuilds/linux-${cpu}/argon2.musl.node`,
      `argon2/prebuilds/darwin-${cpu}/argon2.glibc.node`,
      `argon2/prebuilds/linux-${cpu === 'x64' ? 'arm64' : 'x64'}/argon2.glibc.node`,
      `@lmdb/lmdb-linux-${cpu}/node.abi115.glibc.node`,
      `@lmdb/lmdb-linux-${cpu}/node.napi.musl.node`,
    ]
    const folder = temporaryFolder()
    for (const path of [...kept, ...deleted]) {
      mkdirSync(dirname(`${folder}/${path}`), { recursive: true })
      writeFileSync(`${folder}/${path}`, '')
    }
    execFileSync(process.execPath, [`${ROOT}docker/prune-packages.mjs`, folder, cpu])
    const left = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    expect(left.filter((path) => statSync(`${folder}/${path}`).isFile()).sort()).toEqual(kept.sort())
    expect(left).not.toContain('a/test')
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

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'emberlink-image-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function covers(source: string, path: string): boolean {
  return path === source || path.startsWith(`${source}/`)
}

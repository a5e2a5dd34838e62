import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const compiled = new URL('../../compiled/config/environment.js', import.meta.url).href

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emberlink-config-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

function run(expression: string, env: Readonly<Record<string, string>>): unknown {
  const code = `import { readConfig, threadPoolSize } from '${compiled}'; console.log(JSON.stringify(${expression}))`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return JSON.parse(output)
}

describe('the settings of a process', () => {
  it('come from its environment, then from .env in its working directory, then from files', () => {
    const key = randomBytes(32).toString('hex')
    writeFileSync(join(folder, 'key'), `${key}\n`)
    writeFileSync(join(folder, '.env'), 'PORT=4000\nBIND=0.0.0.0\nROOT_KEY_FILE=key\n')
    expect(
      run('[readConfig()].map(({ port, bind, rootKeys }) => [port, bind, rootKeys.length])', {
        PORT: '5000',
      }),
    ).toEqual([[5000, '0.0.0.0', 1]])
  })

  it('are the defaults when there is no .env', () => {
    expect(run('readConfig()', {})).toMatchObject({ port: 3000 })
  })

  it('are rejected with every fault', () => {
    writeFileSync(join(folder, '.env'), 'FOO=1\n')
    expect(() => run('readConfig()', { PORT: 'x' })).toThrow(/\.env: FOO is not a setting\nPORT: "x"/)
  })

  it('F42: are rejected when .env is a folder', () => {
    mkdirSync(join(folder, '.env'))
    expect(() => run('readConfig()', {})).toThrow(/ConfigError: \.env: the path is a folder, not a file/)
  })

  it.each([
    [undefined, 4],
    ['7', 7],
    ['junk', 1],
  ])(
    'include the size of the thread pool that Node.js takes from UV_THREADPOOL_SIZE=%s: %i',
    (text, size) => {
      expect(run('threadPoolSize()', text === undefined ? {} : { UV_THREADPOOL_SIZE: text })).toBe(size)
    },
  )
})

import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { run, temporaryFolder } from './emberlink.ts'

const ROOT_KEY = '9a3f17c05e8842d1b6c2f0a97d4e5831c6b90f24e7a85d133f6092ab4c7de518'

let redis: RedisServer
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())

describe('emberlink check', () => {
  it('validates the settings and the embedded store, and prints warnings', async () => {
    const DATA_DIR = join(await temporaryFolder(), 'data')
    const { code, stdout, stderr } = await run(['check'], { DATA_DIR })
    const [settings, writes, ...warnings] = stdout.trim().split('\n')
    expect([settings, writes, stderr]).toEqual(['settings: good', 'store: accepts writes', ''])
    // The machine's temporary folder may be on a file system that loses data.
    expect(code).toBe(warnings.length === 0 ? 0 : 1)
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
      expect(stdout).toMatch(/^settings: good\nstore: accepts writes\n(warning: .+\n){2,}$/)
    } finally {
      await careless.stop()
    }
    expect((await run(['check'], { REDIS_URL: redis.url, ROOT_KEY })).code).toBe(0)
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
      stdout:
        'settings: good\nwarning: ignored in the environment, not a setting: REDIS_PASSWORD, SMTP_HOST\nstore: accepts writes\n',
      stderr: '',
    })
  })
})

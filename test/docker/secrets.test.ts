import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { parseRedisUrl } from '../../src/redis-url.ts'
import { makeSecrets, readCompose } from './compose.ts'

describe('make-secrets.mjs', () => {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })

  function make(path: string, folder = newFolder()): Record<string, string> {
    makeSecrets(readCompose(path), folder)
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    const files = names.filter((name) => statSync(`${folder}/${name}`).isFile())
    return Object.fromEntries(files.map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')]))
  }

  function newFolder(): string {
    const folder = mkdtempSync(`${tmpdir()}/emberlink-secrets-`)
    folders.push(folder)
    return folder
  }

  it('F16: makes different secrets for every installation', () => {
    const [one, other] = [make('docker-compose.yml'), make('docker-compose.yml')]
    expect(Object.keys(one).sort()).toEqual([
      'redis/password.emberlink',
      'redis/users.acl',
      'server/redis_url',
      'server/root_key',
    ])
    for (const [name, text] of Object.entries(one)) expect([name, text]).not.toEqual([name, other[name]])
  })

  it('keeps the secrets that it has made, and adds new rules for users', () => {
    const folder = newFolder()
    const before = make('docker-compose.yml', folder)
    const after = make('docker/sentinel.yml', folder)
    for (const name of ['server/root_key', 'redis/password.emberlink']) expect(after[name]).toBe(before[name])
    expect(after['redis/users.acl']).toContain(before['redis/users.acl']?.trim())
    expect(after['redis/users.acl']).toMatch(/^user sentinel on #/m)
  })

  it('writes files that only owner and group can read, and no user can write', () => {
    const folder = newFolder()
    for (const name of Object.keys(make('docker/sentinel.yml', folder))) {
      expect([name, statSync(`${folder}/${name}`).mode & 0o777]).toEqual([name, 0o440])
    }
  })

  it('gives Redis the hash of the password, and the server the password', () => {
    const files = make('docker-compose.yml')
    const password = files['redis/password.emberlink']?.trim() ?? ''
    expect(password).toMatch(/^[0-9a-f]{64}$/)
    expect(files['redis/users.acl']).toContain(` #${createHash('sha256').update(password).digest('hex')} `)
    expect(files['redis/users.acl']).not.toContain(password)
    expect(files['redis/users.acl']).not.toContain('<')
    expect(files['server/redis_url']?.trim()).toBe(`redis://emberlink:${password}@redis:6379`)
  })

  it.each([
    ['docker-compose.yml', { form: 'single', replicas: 0 }],
    ['docker/sentinel.yml', { form: 'sentinel', master: 'emberlink', replicas: 2 }],
    ['docker/cluster.yml', { form: 'cluster', replicas: 2 }],
  ])('gives the server settings that it accepts, with %s', (path, address) => {
    const files = make(path)
    const env = { REDIS_URL_FILE: 'server/redis_url', ROOT_KEY_FILE: 'server/root_key' }
    const config = loadConfig(env, (name) => files[name] ?? '')
    expect(config.rootKeys).toHaveLength(1)
    expect(parseRedisUrl(config.redisUrl ?? '')).toMatchObject({ username: 'emberlink', ...address })
  })

  it.each([
    [['redis://redis'], 'usage'],
    [['redis://redis', 'emberlink', 'mallory'], 'users.acl has no user mallory'],
    [['redis://a:<nobody>@redis', 'emberlink'], 'user nobody is not in the list of users'],
  ])('rejects the arguments %j', (args, message) => {
    const file = {
      ...readCompose('docker-compose.yml'),
      services: { secrets: { command: ['/secrets', ...args] } },
    }
    expect(() => makeSecrets(file, newFolder())).toThrow(message)
  })
})

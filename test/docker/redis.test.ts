import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { secretRecord } from '../../src/store/redis/keys.ts'
import { openRedisStore } from '../../src/store/redis/open.ts'
import { newPair, READ, START } from '../contract/samples.ts'
import { storeContract } from '../contract/store.ts'
import { permitted, watchAccess } from './access.ts'
import { type Node, newStack, type Stack } from './stack.ts'

describe('redis.conf and users.acl, as docker-compose.yml uses them', () => {
  const access = watchAccess()
  let stack: Stack
  let redis: Node
  beforeAll(async () => {
    stack = await newStack('docker-compose.yml')
    redis = await stack.start('redis')
  })
  afterAll(() => stack.stop())

  // With restarts: https://github.com/redis/redis/issues/14541 loses data where the default user has no permissions.
  storeContract({
    open: () => openRedisStore(stack.url),
    opener: () => ({ module: 'store/redis/open.js', name: 'openRedisStore', args: [stack.url] }),
    evict: async (id) => {
      await redis.admin.del(secretRecord(id))
    },
    async restart() {
      await access.note(redis)
      await redis.kill()
      await redis.start()
    },
  })

  it('cause no warnings of the server', async () => {
    const store = await openRedisStore(stack.url)
    expect(await store.warnings()).toEqual([])
    await store.close()
  })

  it('permit the server the commands that the store contract and the health check need, and no others', async () => {
    const user = new Redis(stack.url)
    await user.ping()
    user.disconnect()
    await access.note(redis)
    expect(access.denied.filter((entry) => entry.startsWith('emberlink'))).toEqual([])
    const unused = permitted('emberlink').filter((command) => !access.used.has(command))
    expect(unused).toEqual(['wait', 'cluster|slots', 'readonly', 'readwrite', 'client|setname'])
  })

  it.each([
    ['FLUSHALL'],
    ['KEYS', '*'],
    ['CONFIG', 'SET', 'appendonly', 'no'],
    ['ACL', 'LIST'],
    ['SHUTDOWN', 'NOSAVE'],
    ['REPLICAOF', '127.0.0.1', '1'],
    ['MONITOR'],
    ['GET', 'other:key'],
    ['EVAL', "return redis.call('FLUSHALL')", '0'],
    ['EVAL', "return redis.call('GET', 'other:key')", '0'],
  ])('deny the server %s %s', async (command, ...args) => {
    const user = new Redis(stack.url, { maxRetriesPerRequest: 0 })
    await expect(user.call(command, ...args)).rejects.toThrow(/NOPERM|can't (run|access)/)
    user.disconnect()
  })

  it.each([
    ['a client that does not log in', {}],
    ['the default user', { username: 'default', password: '' }],
    ['the default user with a password', { username: 'default', password: 'foobared' }],
    ['the user of the server with a wrong password', { username: 'emberlink', password: 'emberlink' }],
  ])('F17: deny %s every command', async (_who, login) => {
    const { port } = new URL(stack.url)
    const client = new Redis(Number(port), '127.0.0.1', {
      ...login,
      lazyConnect: true,
      enableReadyCheck: false,
    })
    client.on('error', () => 'of the login')
    await client.connect().catch(() => 'the login is rejected already')
    for (const command of ['PING', 'INFO', 'DBSIZE']) {
      await expect(client.call(command)).rejects.toThrow(/^(NOAUTH|WRONGPASS)/)
    }
    client.disconnect()
  })

  it('switch off the default user, with and without a password', async () => {
    const [, flags] = (await redis.admin.acl('GETUSER', 'default')) as [string, string[]]
    expect(flags).toContain('off')
    expect(flags).not.toContain('nopass')
  })

  it('write secrets to no snapshot and no slow log', async () => {
    expect(await redis.admin.config('GET', 'save')).toEqual(['save', ''])
    expect(await redis.admin.slowlog('LEN')).toBe(0)
    expect(await redis.admin.config('GET', 'slowlog-log-slower-than')).toEqual([
      'slowlog-log-slower-than',
      '-1',
    ])
  })

  it('F14: remove a revealed secret from the disk after some megabytes of later writes', async () => {
    const store = await openRedisStore(stack.url)
    const marker = randomBytes(64)
    const share = async (sealed: Buffer) => {
      const pair = newPair({ sealed })
      await store.secrets.create(pair, START)
      await store.secrets.claim(pair.id, READ, START)
    }
    await share(marker)
    expect(onDisk(redis.data)).toSatisfy((bytes: Buffer) => bytes.includes(marker))
    for (let i = 0; i < 500; i += 1) await share(randomBytes(10_000))
    await expect.poll(() => onDisk(redis.data).includes(marker)).toBe(false)
    await store.close()
  })
})

function onDisk(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`)
  return Buffer.concat(files.filter((file) => statSync(file).isFile()).map((file) => readFileSync(file)))
}

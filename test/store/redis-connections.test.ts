import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { parseRedisUrl } from '../../src/redis-url.ts'
import { openStore } from '../../src/store/open.ts'
import { hintAtCause } from '../../src/store/redis/connection-hint.ts'
import { openRedisStore, type RedisStoreOptions } from '../../src/store/redis/open.ts'
import { TlsConnector } from '../../src/store/redis/tls-connector.ts'
import type { Store } from '../../src/store/store.ts'
import { run } from '../commands/emberlink.ts'
import { newPair, READ, START } from '../contract/samples.ts'
import { CA_FILE, pathOf } from '../support/certificates.ts'
import { recovery } from '../support/recovery.ts'
import {
  CREDENTIALS,
  newFolder,
  PASSWORD,
  type RedisServer,
  startRedis,
  startServer,
} from '../support/redis.ts'
import { freePort } from '../support/redis-process.ts'

const FILES = { ca: CA_FILE, cert: pathOf('valid'), key: pathOf('key') }
const SETTINGS = { REDIS_TLS_CA: FILES.ca, REDIS_TLS_CERT: FILES.cert, REDIS_TLS_KEY: FILES.key }
const ROOT_KEY = randomBytes(32).toString('hex')
const SLOTS = 16_384

describe('Redis that requires TLS and certificates of clients', () => {
  const folder = mkdtempSync(`${tmpdir()}/emberlink-tls-`)
  const socket = `${folder}/redis.sock`
  let tlsPort: number
  let redis: RedisServer
  let url: string
  beforeAll(async () => {
    tlsPort = await freePort()
    redis = await startRedis({ ...securedBy(tlsPort), unixsocket: socket })
    url = `rediss://${CREDENTIALS}127.0.0.1:${tlsPort}`
  })
  afterAll(async () => {
    await redis.stop()
    rmSync(folder, { recursive: true })
  })

  it('serves a store that is opened by the settings, and check finds nothing to warn of', async () => {
    const settings = { REDIS_URL: url, ROOT_KEY, ...SETTINGS }
    const store = await openStore(loadConfig(settings, (path) => readFileSync(path, 'utf8')))
    onTestFinished(() => store.close())
    await useOnce(store)
    expect(await store.warnings()).toEqual([])
    const { code, stdout, stderr } = await run(['check'], settings)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^settings: good\nstore: accepts writes\n/)
  })

  it.each([
    [
      'an authority that is not named',
      { ...FILES, ca: undefined },
      /self-signed .*: REDIS_TLS_CA can name the authority$/,
    ],
    [
      'no certificate',
      { ca: FILES.ca },
      /: if Redis requires a certificate of clients, REDIS_TLS_CERT and REDIS/,
    ],
    [
      'a certificate that Redis rejects',
      { ...FILES, cert: pathOf('self-signed') },
      /: Redis may not accept the certificate of REDIS_TLS_CERT$/,
    ],
  ])('names the setting in question when the connection fails for %s', async (_, tlsFiles, reason) => {
    for (const form of ['rediss', 'rediss+cluster']) {
      const opening = openRedisStore(url.replace('rediss', form), { tlsFiles, timeoutMs: 2000 })
      await expect(opening).rejects.toMatchObject({
        code: 'store_unavailable',
        cause: { message: expect.stringMatching(reason) },
      })
    }
  })

  it('trusts the authorities of REDIS_TLS_CA alone, although NODE_TLS_REJECT_UNAUTHORIZED is 0', async () => {
    const { code, stderr } = await run(['check'], {
      ...SETTINGS,
      REDIS_URL: url,
      ROOT_KEY,
      REDIS_TLS_CA: pathOf('self-signed'),
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
    })
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /: the file of REDIS_TLS_CA does not have the authority of this certificate, and no other is trusted\n$/,
    )
  })

  it('names the scheme in question when TLS meets a port without it, and the reverse', async () => {
    const [clear, secured] = [url.replace('rediss', 'redis'), redis.url.replace('redis', 'rediss')]
    const short = { tlsFiles: FILES, timeoutMs: 1000 }
    await expect(openRedisStore(clear, short)).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/: if the port expects TLS, the address begins with rediss$/) },
    })
    await expect(openRedisStore(secured, short)).rejects.toMatchObject({
      cause: {
        message: expect.stringMatching(/: if the port does not expect TLS, the address begins with redis$/),
      },
    })
  })

  it('survives a second error of a connection, which ioredis does not listen for', async () => {
    const stream = await new TlsConnector({ host: '127.0.0.1', port: tlsPort, tls: {} }).connect()
    stream.emit('error', new Error('the certificate was not accepted'))
    expect(() => stream.emit('error', new Error('nor was that'))).not.toThrow()
    stream.destroy()
  })

  it('uses a renewed certificate without a restart', async () => {
    const cert = `${folder}/renewed.pem`
    copyFileSync(pathOf('self-signed'), cert)
    const store = await open(url, { whenAway: 'wait', reopenAfterMs: 100, tlsFiles: { ...FILES, cert } })
    await expect(store.ready()).rejects.toMatchObject({ code: 'store_unavailable' })
    copyFileSync(FILES.cert, cert)
    await recovery(store)
    await useOnce(store)
  })

  it('is found by sentinels that have TLS and a user and password of their own', async () => {
    const port = await freePort()
    const sentinel = await startSentinel(port, tlsPort)
    onTestFinished(() => sentinel.stop())
    const own = (user: string) => `sentinelUser=${user}&sentinelPassword=${encodeURIComponent(PASSWORD)}`
    const address = `rediss+sentinel://${CREDENTIALS}127.0.0.1:${port}/ember`
    await useOnce(await open(`${address}?${own('watcher')}`))
    await useOnce(await open(`${address}?${own('default')}`))
    for (const query of [own('nobody'), `sentinelUser=watcher&sentinelPassword=wrong`])
      await expect(open(`${address}?${query}`, { timeoutMs: 500, tlsFiles: FILES })).rejects.toMatchObject({
        cause: { message: expect.stringMatching(/WRONGPASS/) },
      })
  })

  it('is a cluster of masters that announce their ports for TLS', async () => {
    const port = await freePort()
    const settings = { 'cluster-enabled': 'yes', 'cluster-announce-ip': '127.0.0.1', 'tls-cluster': 'yes' }
    const node = await startRedis({ ...securedBy(port), ...settings })
    onTestFinished(() => node.stop())
    await node.client.call('CLUSTER', 'ADDSLOTSRANGE', 0, SLOTS - 1)
    await expect.poll(() => node.client.cluster('INFO')).toContain('cluster_state:ok')
    const store = await open(`rediss+cluster://${CREDENTIALS}127.0.0.1:${port}`)
    await useOnce(store)
    expect(await store.warnings()).toEqual([])
  })

  it('serves a store by its Unix socket, in any of its databases', async () => {
    const store = await open(`unix://${CREDENTIALS}${socket}?db=3`)
    await useOnce(store)
    expect(await redis.client.info('keyspace')).toContain('db3:')
  })

  it.each([
    [
      'a wrong password',
      () => `unix://:wrong@${socket}`,
      /^WRONGPASS .*: user or password .* must be percent-encoded, as/,
    ],
    [
      'a missing password',
      () => `unix://${socket}`,
      /^NOAUTH Authentication required: REDIS_URL has no password: /,
    ],
    [
      'a socket that does not exist',
      () => `unix://${CREDENTIALS}${folder}/none.sock`,
      /^connect ENOENT \S+\/none\.sock: there is no such socket: is Redis running, and is that its `unixsocket`\?$/,
    ],
    [
      'a database that does not exist',
      () => `unix://${CREDENTIALS}${socket}?db=99`,
      /^ERR DB index is out of range: REDIS_URL ends with the number of a database that this Redis does not have$/,
    ],
  ])('names the usual cause of %s, and quotes no password', async (_, address, reason) => {
    const opening = open(address())
    await expect(opening).rejects.toMatchObject({ cause: { message: expect.stringMatching(reason) } })
    await expect(opening).rejects.not.toMatchObject({
      cause: { message: expect.stringMatching(/wrong@|p@ss|p%40/) },
    })
  })

  it.each([
    ['expired', /certificate has expired: renew the certificate of Redis, or set the clock/],
    ['other-host', /altnames: .*: REDIS_URL must name the host as its certificate does$/],
  ] as const)(
    'names what mends the certificate of Redis when it is the one named %s',
    async (name, reason) => {
      await redis.client.config('SET', 'tls-cert-file', pathOf(name))
      onTestFinished(async () => void (await redis.client.config('SET', 'tls-cert-file', FILES.cert)))
      await expect(open(url)).rejects.toMatchObject({ cause: { message: expect.stringMatching(reason) } })
    },
  )

  it.each([
    [
      'unix:///r.sock',
      'connect EACCES /r.sock',
      /may not use the socket: set `unixsocketperm 770`, and add this user/,
    ],
    [
      'unix:///r.sock',
      'connect ECONNREFUSED /r.sock',
      /: nobody listens there any more: is Redis running\?$/,
    ],
    [
      'redis://a',
      'connect ECONNREFUSED 10.0.0.1:6379',
      /: is Redis running, and listening at that address and port\?$/,
    ],
    ['redis://a', 'getaddrinfo ENOTFOUND a', /: REDIS_URL names a host that DNS does not know from here$/],
    [
      'redis://a',
      "NOPERM User a has no permissions to run the 'eval' command",
      /: docker\/users\.acl has the rules/,
    ],
    [
      'redis+sentinel://a/b',
      'failed to connect to sentinel a:1 because WRONGPASS invalid',
      /: `sentinelUser` or `sentinelPassword` is wrong; /,
    ],
    [
      'redis+sentinel://a/b',
      "because ERR unknown command 'SENTINEL'",
      /: that is a Redis and not a sentinel, /,
    ],
    ['redis+cluster://a', 'ERR This instance has cluster support disabled', /: that is one server: /],
  ])('names the usual cause for %s of the failure "%s"', (address, message, hint) => {
    expect(hintAtCause(message, parseRedisUrl(address), {})).toMatch(hint)
  })

  it('raises a warning about a missing password, unless a certificate or the permissions of a socket replace it', async () => {
    const warning = 'Redis accepts clients without a password'
    const [secured, local, clear] = [
      await open(`rediss://127.0.0.1:${tlsPort}`.replace('//', `//${CREDENTIALS}`)),
      await open(`unix://${CREDENTIALS}${socket}`),
      await open(redis.url),
    ]
    await redis.client.config('SET', 'requirepass', '')
    expect(await secured.warnings()).toEqual([])
    expect(await local.warnings()).toEqual([warning])
    expect(await clear.warnings()).toEqual([warning])
    await redis.client.config('SET', 'tls-port', 0)
    await redis.client.config('SET', 'port', 0)
    expect(await local.warnings()).toEqual([])
  })

  async function open(address: string, options: RedisStoreOptions = { tlsFiles: FILES }): Promise<Store> {
    const store = await openRedisStore(address, options)
    onTestFinished(() => store.close())
    return store
  }
})

function securedBy(port: number): Readonly<Record<string, string>> {
  return {
    'tls-port': String(port),
    'tls-ca-cert-file': FILES.ca,
    'tls-cert-file': FILES.cert,
    'tls-key-file': FILES.key,
    'tls-auth-clients': 'yes',
  }
}

async function startSentinel(tlsPort: number, masterPort: number): Promise<RedisServer> {
  const [folder, port] = [await newFolder(), await freePort()]
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    ...Object.entries(securedBy(tlsPort)).map((line) => line.join(' ')),
    'tls-replication yes',
    `requirepass "${PASSWORD}"`,
    `user watcher on ">${PASSWORD}" allchannels -@all +auth +hello +ping +sentinel`,
    `sentinel monitor ember 127.0.0.1 ${masterPort} 1`,
    `sentinel auth-pass ember "${PASSWORD}"`,
  ]
  writeFileSync(`${folder}/sentinel.conf`, lines.join('\n'))
  return startServer([`${folder}/sentinel.conf`, '--sentinel'], folder, port)
}

async function useOnce(store: Store): Promise<void> {
  const pair = newPair()
  await store.secrets.create(pair, START)
  expect(await store.secrets.claim(pair.id, READ, START)).toMatchObject({ kind: 'claimed' })
  expect(await store.secrets.claim(pair.id, READ, START)).toEqual({ kind: 'gone' })
}

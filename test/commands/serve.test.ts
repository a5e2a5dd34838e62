import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ANA, api, basic, rejection, unknownSecret } from '../api/client.ts'
import { messagesOf } from '../support/json-log.ts'
import { Connection } from '../wire/connection.ts'
import { run, serve, start, temporaryFolder } from './emberlink.ts'

/** Checking a passphrase takes a few hundred milliseconds, and each response is logged. */
const SLOW = { ARGON2_MEMORY: '65536', ARGON2_TIME: '3', LOG_LEVEL: 'debug' }

/** Starts a server with a request under way that waits for Argon2. */
async function serveBusily(DATA_DIR: string) {
  const server = await serve({ DATA_DIR, ...SLOW })
  const { body } = await api(server).post('/share', { secret: 'under way', passphrase: 'b' })
  const busy = await open(server)
  await begin(
    busy,
    `POST /api/v1/secret/${body.secret_key} HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\npassphrase=b`,
  )
  return { server, busy, key: body.secret_key }
}

async function open(server: { readonly url: string }): Promise<Connection> {
  const connection = await Connection.open(server.url)
  onTestFinished(() => connection.close())
  return connection
}

/** Writes a request, or its beginning, and waits until the server has read it: with the one before it, which is answered. */
async function begin(connection: Connection, bytes: string): Promise<void> {
  connection.write(`GET /api/v1/status HTTP/1.1\r\nHost: a\r\n\r\n${bytes}`)
  expect((await connection.answer('GET')).status).toBe(200)
}

describe('SIGTERM', () => {
  it('finishes what is under way, does not wait for idle connections, and exits with 0', async () => {
    const DATA_DIR = await temporaryFolder()
    const { server, busy, key } = await serveBusily(DATA_DIR)
    const { body: kept } = await api(server).post('/share', { secret: 'kept' })
    const idle = await open(server)
    await idle.send(['GET /api/v1/status HTTP/1.1', 'Host: a'])
    const events: string[] = []
    const closed = idle.head().catch(({ message }: Error) => events.push(message))
    const ended = server.stop()
    const answer = await busy.answer()
    events.push('answered')
    expect(answer.json()).toMatchObject({ value: 'under way' })
    expect(answer.headers).toMatchObject({ connection: 'close' })
    const { code, stdout } = await ended
    expect(code).toBe(0)
    await closed
    expect(events).toEqual(['the server closed the connection', 'answered'])
    expect(stdout).toContain('"route":"/api/v1/secret/:key","status":200')

    const again = await serve({ DATA_DIR })
    expect((await api(again).post(`/secret/${kept.secret_key}`)).body.value).toBe('kept')
    expect(await api(again).post(`/secret/${key}`)).toEqual(unknownSecret(key))
    expect((await again.stop()).code).toBe(0)
  })

  it('rejects later requests without touching their secrets, and answers health checks to the end (docs/api/v1.md section 5)', async () => {
    const { server } = await serveBusily(await temporaryFolder())
    const { body: kept } = await api(server).post('/share', { secret: 'kept' })
    const paths = [`/api/v1/secret/${kept.secret_key}`, '/', '/health/live', '/health/ready']
    const silent = await open(server)
    const late = await Promise.all(paths.map(() => open(server)))
    // A connection on which a request has begun is not idle.
    const begun = late.map((connection, index) =>
      begin(connection, `${index === 0 ? 'POST' : 'GET'} ${paths[index]} HTTP/1.1\r\nHost:`),
    )
    await Promise.all(begun)
    const ended = server.stop()
    await expect(silent.head()).rejects.toThrow('the server closed the connection')
    for (const connection of late) connection.write(' a\r\n\r\n')
    const [rejected, page, live, ready] = await Promise.all(late.map((connection) => connection.answer()))
    expect(rejected?.text).toBe('{"message":"The service is about to restart"}')
    expect(rejected?.headers).toMatchObject({
      'retry-after': '5',
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'close',
    })
    expect([rejected?.status, page?.status]).toEqual([503, 503])
    expect(live).toMatchObject({ status: 200, text: '{"status":"live"}' })
    expect(ready).toMatchObject({
      status: 503,
      text: '{"status":"unavailable","reason":"shutting_down"}',
    })
    expect((await ended).code).toBe(0)
  })

  it('has the same effect as SIGINT', async () => {
    const server = await serve({ DATA_DIR: await temporaryFolder() })
    server.process.kill('SIGINT')
    expect((await server.ended).code).toBe(0)
  })

  it('ends a start without reporting an error', async () => {
    const server = start(['serve'], { DATA_DIR: await temporaryFolder(), PORT: '0' })
    await sleep(150)
    server.process.kill('SIGTERM')
    const { code, signal, stderr } = await server.ended
    expect({ ended: code === 0 || signal === 'SIGTERM', stderr }).toEqual({ ended: true, stderr: '' })
  })
})

describe('a failing start exits with 1 and prints one line for each fault, without secrets', () => {
  it('when settings are malformed (F21: a boolean is on or off and nothing else)', async () => {
    const DATA_DIR = await temporaryFolder()
    const { code, stdout, stderr } = await run(['serve'], {
      DATA_DIR,
      PORT: 'http',
      ANONYMOUS_CREATE: 'yes',
      TTL_MAXIMUM: '60',
      ROOT_KEY: 'changeme-changeme',
      ACCOUNTS: 'ana@example.com:short-token',
      SMTP_URL: 'smtp://user:hunter2hunter2@mail.example.com/path',
    })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    const names = messagesOf(stderr)
      .trim()
      .split('\n')
      .map((line) => /^([A-Z_]+)/.exec(line)?.[1])
    expect(names.sort()).toEqual(
      ['ACCOUNTS', 'ANONYMOUS_CREATE', 'MAIL_FROM', 'PORT', 'ROOT_KEY', 'SMTP_URL', 'TTL_MAXIMUM'].sort(),
    )
    expect(stderr).not.toMatch(/changeme|short-token|hunter2/)
  })

  it('F16: when there is Redis without a root key', async () => {
    const { code, stderr } = await run(['serve'], { REDIS_URL: 'redis://:hunter2hunter2@127.0.0.1:1' })
    expect(code).toBe(1)
    expect(messagesOf(stderr)).toMatch(/^ROOT_KEY: is required with REDIS_URL.*\n$/)
  })

  it('F24: when the data folder is a file', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'file'), '')
    const { code, stderr } = await run(['serve'], { DATA_DIR: join(folder, 'file') })
    expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: 1, lines: 1 })
    expect(stderr).toContain(`DATA_DIR: ${join(folder, 'file')} is a file`)
  })

  it('when the root key is damaged', async () => {
    const DATA_DIR = await temporaryFolder()
    await writeFile(join(DATA_DIR, 'root.key'), 'half-a-key-deadbeef\n')
    const { code, stderr } = await run(['serve'], { DATA_DIR })
    expect(code).toBe(1)
    expect(stderr).toContain('root.key')
    expect(stderr).not.toContain('deadbeef')
  })

  it.each(['1', '2'])('when the address is taken, with %s worker(s)', async (WORKERS) => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    onTestFinished(() => void taken.close())
    const { port } = taken.address() as { port: number }
    const DATA_DIR = await temporaryFolder()
    const { code, stderr } = await run(['serve'], { DATA_DIR, WORKERS, PORT: String(port) })
    expect(code).toBe(1)
    expect(stderr).toMatch(/PORT, BIND: .*EADDRINUSE/)
  })

  it('when the command is unknown, but with 2 and the overview of all commands', async () => {
    const { code, stderr } = await run(['server'], {})
    expect(code).toBe(2)
    const help = await run(['--help'], {})
    expect(help).toMatchObject({ code: 0, stderr: '' })
    expect(stderr).toBe(`emberlink: unknown command server\n${help.stdout}`)
    expect(help.stdout).toMatch(/^Usage: emberlink \[COMMAND\]/)
  })
})

describe('a server without SMTP_URL (docs/api/v1.md section 3)', () => {
  it('rejects a recipient and stores nothing', async () => {
    const server = await serve({ DATA_DIR: await temporaryFolder(), ACCOUNTS: `${ANA.email}:${ANA.token}` })
    const ana = api(server, basic())
    expect(await ana.post('/share', { secret: 'a', recipient: 'x@example.com' })).toEqual(
      rejection(400, 'This server does not send emails'),
    )
    expect((await ana.get('/private/recent')).body).toEqual([])
    await server.stop()
  })
})

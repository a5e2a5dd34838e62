import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ANA, api, basic } from '../api/client.ts'
import { type Serving, serve, start, temporaryFolder } from '../commands/emberlink.ts'
import { startProxy } from '../support/proxy.ts'
import { startRedis } from '../support/redis.ts'
import { ROOT_KEY } from '../support/root-keys.ts'
import { startSmtpServer } from '../support/smtp.ts'
import { Connection } from '../wire/connection.ts'

const IMPATIENT = fileURLToPath(new URL('impatient-server.mjs', import.meta.url))
const LOCK_HOLDER = fileURLToPath(new URL('lmdb-holder.mjs', import.meta.url))
const HALF_A_HEAD = 'POST /api/v1/share HTTP/1.1\r\nHost:'
const HALF_A_BODY = 'POST /api/v1/share HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nsecret='

/** Connects, writes, and tells when the connection is closed. */
async function connection(server: { readonly url: string }, bytes: string, host = '127.0.0.1') {
  const socket = connect(Number(new URL(server.url).port), host)
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => 'the server may reset it').resume()
  await once(socket, 'connect')
  socket.write(bytes)
  // `once` would reject when the server resets it.
  return { socket, closed: new Promise((resolve) => socket.once('close', resolve)) }
}

/** Goes on writing a byte every few milliseconds, as long as it can. */
function drip(socket: Socket): void {
  const timer = setInterval(() => socket.writable && socket.write('a'), 50)
  socket.once('close', () => clearInterval(timer))
}

/** Waits until every worker has read what was written: they take new connections in turns, and each in its order. */
async function settled(server: Serving): Promise<void> {
  for (let i = 0; i < 6; i += 1) await api(server, { connection: 'close' }).get('/status')
}

async function offeredBy(server: Serving, ...heads: string[]) {
  const offered = await Promise.all(heads.map((head) => connection(server, head)))
  await settled(server)
  return offered
}

describe.each(['1', '2'])('F29: SIGTERM to a server of %s worker(s)', (WORKERS) => {
  it('closes silent connections at once, while a request that has begun still gets its response', async () => {
    const server = await serve({ DATA_DIR: await temporaryFolder(), WORKERS })
    const begun = await Connection.open(server.url)
    begun.write(HALF_A_HEAD)
    const silent = await offeredBy(server, '', '', '', '')
    const ended = server.stop()
    await Promise.all(silent.map(({ closed }) => closed))
    expect(server.process.exitCode).toBeNull()
    begun.write(' a\r\nContent-Length: 0\r\n\r\n')
    expect(await begun.answer()).toMatchObject({
      status: 503,
      text: '{"message":"The service is about to restart"}',
    })
    expect(await ended).toMatchObject({ code: 0, stderr: '' })
  })

  it('cuts off half-sent and dripping requests at the deadline, and ends with 0', async () => {
    const server = await serve({ DATA_DIR: await temporaryFolder(), WORKERS }, IMPATIENT)
    const offered = await offeredBy(server, HALF_A_HEAD, HALF_A_BODY, HALF_A_HEAD, HALF_A_BODY, '')
    for (const { socket } of offered.slice(2)) drip(socket)
    await sleep(100)
    expect(await server.stop()).toMatchObject({ code: 0, stderr: '' })
    await Promise.all(offered.map(({ closed }) => closed))
    if (WORKERS === '1') expect(server.output()).toContain('requests under way were cut off')
  })

  it('ends with 0 although an SMTP server never answers', async () => {
    const smtp = await startSmtpServer('silent')
    onTestFinished(() => smtp.close())
    const server = await serve(
      {
        DATA_DIR: await temporaryFolder(),
        WORKERS,
        ACCOUNTS: `${ANA.email}:${ANA.token}`,
        SMTP_URL: smtp.url,
        MAIL_FROM: 'emberlink@example.com',
      },
      IMPATIENT,
    )
    const sent = api(server, basic())
      .post('/share', { secret: 'a', recipient: 'x@example.com' })
      .catch(() => 'cut off')
    await expect.poll(() => smtp.connections()).toBe(1)
    expect(await server.stop()).toMatchObject({ code: 0, stderr: '' })
    expect(await sent).toBe('cut off')
  })
})

describe('F29: SIGTERM to a server', () => {
  it('closes silent connections of both addresses of localhost', async () => {
    const server = await serve({ DATA_DIR: await temporaryFolder(), BIND: 'localhost' })
    await Promise.all(['127.0.0.1', '::1'].map((host) => connection(server, '', host).catch(() => 'no IPv6')))
    expect(await server.stop()).toMatchObject({ code: 0, stderr: '' })
  })

  it('does not wait for passphrases whose clients have disconnected', async () => {
    const settings = { ARGON2_MEMORY: String(128 * 1024), ARGON2_TIME: '16', RATE_LIMIT: 'off' }
    const server = await serve({ DATA_DIR: await temporaryFolder(), ...settings }, IMPATIENT)
    const clients = await Promise.all(
      Array.from({ length: 60 }, () =>
        connection(
          server,
          'POST /api/v1/share HTTP/1.1\r\nHost: a\r\nContent-Length: 21\r\n\r\nsecret=a&passphrase=b',
        ),
      ),
    )
    await settled(server)
    for (const { socket } of clients) socket.destroy()
    expect(await server.stop()).toMatchObject({ code: 0, stderr: '' })
  })

  it('does not wait for a Redis that no longer answers', async () => {
    const redis = await startRedis()
    onTestFinished(() => redis.stop())
    const wire = await startProxy(redis.port)
    onTestFinished(() => wire.stop())
    const REDIS_URL = redis.url.replace(String(redis.port), String(wire.port))
    const server = await serve({ REDIS_URL, ROOT_KEY }, IMPATIENT)
    wire.blackhole()
    const sent = api(server)
      .post('/share', { secret: 'a' })
      .catch(() => 'cut off')
    await sleep(100)
    expect(await server.stop()).toMatchObject({ code: 0, stderr: '' })
    expect(await sent).toBe('cut off')
  })

  it.each([
    ['1', { code: null, signal: 'SIGKILL' }],
    ['2', { code: 0, signal: null }],
  ])('ends %s worker(s) although another process never gives the write lock back', async (WORKERS, end) => {
    const DATA_DIR = await temporaryFolder()
    const server = await serve({ DATA_DIR, WORKERS }, IMPATIENT)
    const holder = spawn(process.execPath, [LOCK_HOLDER, join(DATA_DIR, 'secrets.mdb')])
    onTestFinished(() => void holder.kill('SIGKILL'))
    await once(createInterface(holder.stdout), 'line')
    const { secret_key } = { secret_key: '0123456789abcdefghijklmnopqrstu' }
    const sent = api(server)
      .post(`/secret/${secret_key}`)
      .catch(() => 'cut off')
    await sleep(100)
    expect(await server.stop()).toMatchObject(end)
    expect(await sent).toBe('cut off')
  })

  it('ends a start that waits', async () => {
    const DATA_DIR = await temporaryFolder()
    await (await serve({ DATA_DIR })).stop()
    const holder = spawn(process.execPath, [LOCK_HOLDER, join(DATA_DIR, 'secrets.mdb')])
    onTestFinished(() => void holder.kill('SIGKILL'))
    await once(createInterface(holder.stdout), 'line')
    // A worker deletes the rates of an earlier boot right before it waits for the lock.
    const stale = join(DATA_DIR, 'rates-stale.mdb')
    writeFileSync(stale, '')
    const server = start(['serve'], { DATA_DIR, PORT: '0', WORKERS: '2' }, IMPATIENT)
    await expect.poll(() => existsSync(stale)).toBe(false)
    server.process.kill('SIGTERM')
    expect(await server.ended).toMatchObject({ code: 0 })
  })
})

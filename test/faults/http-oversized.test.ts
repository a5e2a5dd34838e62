import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { api, basic, rejection } from '../api/client.ts'
import { type ReverseProxy, startReverseProxy } from '../support/reverse-proxy.ts'
import { exchange } from '../support/wire.ts'
import { Connection } from '../wire/connection.ts'

/** More would be slower together than the server waits for the rest of a body. */
const CLIENTS = 20
const SIZE = 6_000_000
const TOO_LARGE = 'Secret value exceeds the maximum size of 10000 bytes'
const BODY_TOO_LARGE = 'Request body exceeds the maximum size of 125536 bytes'

let server: TestServer
let proxy: ReverseProxy
beforeAll(async () => {
  server = await startTestServer({ settings: { RATE_LIMIT: 'off' } })
  proxy = await startReverseProxy(server.url)
})
afterAll(async () => {
  await proxy.stop()
  await server.close()
})

/** Writes a whole request before it reads anything, as simple clients do, and returns what it then can read. */
async function writeThenRead(head: string, body: string): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.pause().write(`${head}\r\nHost: a\r\nConnection: close\r\n\r\n${body}`, () => resolve())
  })
  return text(socket)
}

const count = (answers: readonly string[], wanted: string) =>
  answers.filter((answer) => answer.includes(wanted)).length

describe('F43: a body that is too large', () => {
  const secret = 'a'.repeat(SIZE)

  it(`gets its message to ${CLIENTS} of ${CLIENTS} clients behind a proxy`, async () => {
    const form = () => {
      const data = new FormData()
      data.set('secret', secret)
      return data
    }
    const json = () => JSON.stringify({ secret })
    const bodies = [() => new URLSearchParams({ secret }), form, json] as const
    const answers = await Promise.all(
      Array.from({ length: CLIENTS }, (_, i) => {
        const headers = i % bodies.length === 2 ? { 'content-type': 'application/json' } : {}
        return api(proxy).call('POST', '/share', { headers, body: bodies[i % bodies.length]?.() ?? null })
      }),
    )
    for (const answer of answers) expect(answer).toEqual(rejection(413, TOO_LARGE))
  })

  it.each([
    ['declared', `Content-Length: ${SIZE + 7}`, `secret=${secret}`],
    [
      'in chunks',
      'Transfer-Encoding: chunked',
      `${(SIZE + 7).toString(16)}\r\nsecret=${secret}\r\n0\r\n\r\n`,
    ],
  ])(
    `gets its message to ${CLIENTS} of ${CLIENTS} clients that write it before they read: %s`,
    async (_how, header, body) => {
      const head = `POST /api/v1/share HTTP/1.1\r\n${header}`
      const answers = await Promise.all(Array.from({ length: CLIENTS }, () => writeThenRead(head, body)))
      expect(count(answers, TOO_LARGE)).toBe(CLIENTS)
    },
  )

  it('is read to its end also when the request is rejected for another reason', async () => {
    const head = `POST /api/v1/share HTTP/1.1\r\nAuthorization: ${basic('x@example.com', 'wrong-token-012345').authorization}\r\nContent-Length: ${SIZE + 7}`
    const answers = await Promise.all(
      Array.from({ length: CLIENTS }, () => writeThenRead(head, `secret=${secret}`)),
    )
    expect(count(answers, 'Not authorized')).toBe(CLIENTS)
  })

  it('is rejected after 16 MiB while it is still being sent', async () => {
    const connection = await Connection.open(server.url)
    onTestFinished(() => connection.close())
    connection.write('POST /api/v1/share HTTP/1.1\r\nHost: a\r\nContent-Length: 900000000\r\n\r\nsecret=')
    const piece = 'a'.repeat(1024 * 1024)
    for (let i = 0; i < 17; i += 1) connection.write(piece)
    expect((await connection.answer()).json()).toEqual({ message: TOO_LARGE })
  })

  it('is rejected at once when the client waits for 100 Continue', async () => {
    const connection = await Connection.open(server.url)
    onTestFinished(() => connection.close())
    const lines = ['Host: a', 'Expect: 100-continue', `Content-Length: ${SIZE}`]
    const answer = await connection.send(['POST /api/v1/share HTTP/1.1', ...lines])
    expect(answer).toMatchObject({ status: 404, headers: { 'x-ots-intended-status': '413' } })
    expect(answer.json()).toEqual({ message: BODY_TOO_LARGE })
  })
})

describe('docs/api/v1.md section 5: what was too large', () => {
  const long = 'a'.repeat(200_000)
  it.each([
    ['a secret', { ttl: '60', secret: long }, TOO_LARGE],
    ['a passphrase', { secret: 'a', passphrase: long }, 'Passphrase exceeds the maximum size of 1024 bytes'],
    ['another parameter', { secret: 'a', ttl: '60', note: long }, BODY_TOO_LARGE],
    ['what follows a short secret', { secret: 'a', 'x"y': long }, BODY_TOO_LARGE],
  ])('is named in each type of body: %s', async (_what, values, message) => {
    const form = new FormData()
    for (const [name, value] of Object.entries(values)) form.set(name, value)
    const json = {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(values).replace('":"', '" : "'),
    }
    for (const init of [
      { body: new URLSearchParams(values as Record<string, string>) },
      { body: form },
      json,
    ]) {
      expect(await api(server).call('POST', '/share', init)).toEqual(rejection(413, message))
    }
  })

  it('is the head of the request when that is too large', async () => {
    const query = await exchange(server.url, `GET /api/v1/share?secret=${'a'.repeat(90_000)} HTTP/1.1`)
    expect(query).toMatchObject({ status: 431, headers: { 'x-ots-intended-status': '431' } })
    expect(query.json()).toEqual({ message: 'Malformed request: the request line and headers are too large' })
  })
})

import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createEdge } from '../../src/http/edge.ts'
import { serializers } from '../../src/http/log.ts'
import type { RateLimiter } from '../../src/http/rate-limiter.ts'
import { createUnreadableBodies } from '../../src/http/unreadable-bodies.ts'
import { UNLIMITED } from '../../src/limits/admission.ts'
import { type AppContext, buildApp } from '../../src/server/app.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { milliseconds } from '../../src/time.ts'
import { api, failure } from '../api/client.ts'
import { exchange } from '../support/wire.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const rejected = (status: number, message: string) => ({
  status,
  text: JSON.stringify({ message }),
  headers: expect.objectContaining({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'close',
  }),
})

describe('a malformed HTTP request', () => {
  it.each([
    ['no request line', 'nonsense', 'invalid method'],
    ['an unknown method', 'REVEAL /api/v1/status HTTP/1.1', 'invalid method'],
    ['an unknown version', 'GET /api/v1/status HTTP/7.0', 'invalid HTTP version'],
    ['a header without a colon', 'GET /api/v1/status HTTP/1.1\nnonsense', 'an invalid character in a header'],
    [
      'two lengths',
      'POST /api/v1/share HTTP/1.1\nContent-Length: 1\nContent-Length: 2',
      'a second length of the body',
    ],
    [
      'a length and chunks',
      'POST /api/v1/share HTTP/1.1\nContent-Length: 1\nTransfer-Encoding: chunked',
      'invalid Transfer-Encoding',
    ],
    ['a negative length', 'POST /api/v1/share HTTP/1.1\nContent-Length: -1', 'invalid Content-Length'],
  ])('with %s is answered with 400, and the connection closed', async (_what, head, reason) => {
    const answer = await exchange(server.url, head)
    expect(answer).toMatchObject(rejected(400, `Malformed request: ${reason}`))
  })

  it('with a chunk of malformed size is answered with 400, and the connection closed', async () => {
    const answer = await exchange(
      server.url,
      'POST /api/v1/share HTTP/1.1\nTransfer-Encoding: chunked',
      'zz\r\n',
    )
    expect(answer).toMatchObject(rejected(400, 'Malformed request: invalid chunk size'))
  })

  it.each(['GET', 'POST', 'HEAD'])(
    '%s with a path that cannot be decoded does not stop the server',
    async (method) => {
      for (const path of ['/%FF', '/secret/%E9', '/api/v1/%FF', `/secret/${'a'.repeat(20_000)}`]) {
        const answer = await exchange(server.url, `${method} ${path} HTTP/1.1\nContent-Length: 0`)
        expect([400, 404], path).toContain(answer.status)
      }
      expect((await api(server).get('/status')).status).toBe(200)
    },
  )

  it('with endless headers is answered with 431, and the connection closed', async () => {
    const head = `GET /api/v1/status HTTP/1.1\nX-Long: ${'a'.repeat(60_000)}`
    expect(await exchange(server.url, head)).toMatchObject(
      rejected(431, 'Malformed request: the request line and headers are too large'),
    )
  })

  it('closes no other connection', async () => {
    await Promise.all(Array.from({ length: 50 }, () => exchange(server.url, 'nonsense')))
    expect((await api(server).get('/status')).status).toBe(200)
  })
})

/** Builds the application around parts that no test of this file uses. */
async function appWith(limiter: RateLimiter, log: Writable) {
  const policy = { publicUrl: 'http://127.0.0.1', secretMaxBytes: 10_000, domains: new Map() }
  const app = await buildApp({ policy, secrets: {}, site: { regions: [] } } as unknown as AppContext, {
    logger: pino({ serializers }, log),
    limits: {
      limiter,
      tokenAttempts: (_client, check) => check(),
      unreadableBodies: createUnreadableBodies(limiter, () => milliseconds(0)),
    },
    trustProxy: 0,
    stopping: () => false,
  })
  onTestFinished(() => app.close())
  return app
}

/** Returns a log whose lines can be read. */
function logged(): { readonly stream: Writable; readonly lines: () => string[] } {
  const lines: string[] = []
  const stream = new Writable({
    write(line: Buffer, _encoding, done) {
      lines.push(line.toString())
      done()
    },
  })
  return { stream, lines: () => lines }
}

describe('an internal error (docs/api/v1.md section 5)', () => {
  it('is answered with 500 and no detail, and logged with its place and without its message', async () => {
    const log = logged()
    const count = () => Promise.reject(new TypeError('marked value of a secret'))
    const app = await appWith(() => ({ ...UNLIMITED, count }), log.stream)
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    expect(await api({ url }).post('/secret/marked')).toEqual(failure(500, 'An unexpected error occurred'))
    const line = log.lines().find((line) => line.includes('"internal error"')) ?? '{}'
    expect(JSON.parse(line)).toMatchObject({ level: 50, err: { type: 'TypeError', at: expect.any(Array) } })
    expect(log.lines().join('')).not.toContain('marked')
  })
})

describe('clients that disconnect', () => {
  it.each(['CONNECT a:443 HTTP/1.1\r\nHost: a', 'nonsense', 'GET /\u00e9 HTTP/1.1'])(
    'before the answer to what is no request do not stop the server: %s',
    async (head) => {
      for (let i = 0; i < 100; i += 1) {
        const client = connect(Number(new URL(server.url).port), '127.0.0.1')
        await once(client, 'connect')
        client.write(`${head}\r\n\r\n`)
        await new Promise((resolve) => (i % 2 === 0 ? setImmediate(resolve) : process.nextTick(resolve)))
        client.resetAndDestroy()
      }
      expect((await api(server).get('/status')).status).toBe(200)
    },
  )

  it('at any moment cause no internal error', async () => {
    const log = logged()
    const left = await startTestServer({ logger: pino({ level: 'error', serializers }, log.stream) })
    onTestFinished(() => left.close())
    for (let i = 0; i < 150; i += 1) {
      const client = connect(Number(new URL(left.url).port), '127.0.0.1')
      await once(client, 'connect')
      client.write('POST /api/v1/share HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nsecret=a')
      await new Promise((resolve) => (i % 3 === 0 ? setImmediate(resolve) : setTimeout(resolve, i % 3)))
      client.resetAndDestroy()
    }
    expect((await api(left).get('/status')).status).toBe(200)
    expect(log.lines()).toEqual([])
  })
})

describe('slow clients', () => {
  it('have 15 s for the head, 30 s for the whole request and 72 s until the next one', async () => {
    const { server } = await appWith(() => UNLIMITED, logged().stream)
    const { headersTimeout, requestTimeout, keepAliveTimeout } = server
    expect({ headersTimeout, requestTimeout, keepAliveTimeout }).toEqual({
      headersTimeout: 15_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 72_000,
    })
  })

  it('are looked for twice a second, so that these times are those at which they are cut off', async () => {
    const { server } = await appWith(() => UNLIMITED, logged().stream)
    expect(server).toMatchObject({ connectionsCheckingInterval: 500 })
  })

  it('are answered with 408', async () => {
    const patient = createServer({ headersTimeout: 50, connectionsCheckingInterval: 20 })
    createEdge(({ reason }) => ({ body: { message: reason } }))(patient)
    patient.listen(0, '127.0.0.1')
    await once(patient, 'listening')
    onTestFinished(() => void patient.close())
    const client = connect((patient.address() as AddressInfo).port, '127.0.0.1')
    client.write('GET / HTTP/1.1\r\nHost: a\r\nX-')
    expect(await text(client)).toMatch(
      /^HTTP\/1\.1 408 Request Timeout\r\n.*\{"message":"it did not arrive in time"\}$/s,
    )
  })

  it('do not delay others, even if 200 of them never finish', async () => {
    const port = Number(new URL(server.url).port)
    const slow = Array.from({ length: 200 }, () => connect(port, '127.0.0.1'))
    onTestFinished(() => slow.forEach((socket) => void socket.destroy()))
    for (const socket of slow)
      socket.write('POST /api/v1/share HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nsecret=')
    expect((await api(server).post('/share', { secret: 'a' })).status).toBe(200)
  })
})

describe('health', () => {
  it.each([
    ['live', '{"status":"live"}'],
    ['ready', '{"status":"ready"}'],
  ])('is answered at /health/%s to GET and HEAD', async (name, expected) => {
    const answer = await exchange(server.url, `GET /health/${name} HTTP/1.1`)
    expect(answer).toMatchObject({ status: 200, text: expected })
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    })
    const head = await exchange(server.url, `HEAD /health/${name} HTTP/1.1`)
    expect({ status: head.status, text: head.text }).toEqual({ status: 200, text: '' })
  })
})

describe('responses', () => {
  it('have a random X-Request-Id each, whatever the request names', async () => {
    const ids = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const { headers } = await exchange(server.url, 'GET /api/v1/status HTTP/1.1\nX-Request-Id: mine')
        return headers['x-request-id']
      }),
    )
    expect(new Set(ids).size).toBe(20)
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]{12}$/)
  })
})

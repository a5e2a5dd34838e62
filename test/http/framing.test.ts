import dns from 'node:dns'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { api } from '../api/client.ts'
import { exchange, type WireAnswer } from '../support/wire.ts'
import { Connection } from '../wire/connection.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const zipped = gzipSync('secret=a')
const chunks = Buffer.concat([
  Buffer.from(`${zipped.length.toString(16)}\r\n`),
  zipped,
  Buffer.from('\r\n0\r\n\r\n'),
])

function expectRejected(answer: WireAnswer, intended: number, message: string): void {
  expect({ status: answer.status, text: answer.text }).toEqual({
    status: 404,
    text: JSON.stringify({ message }),
  })
  expect(answer.headers).toMatchObject({
    'x-ots-intended-status': String(intended),
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  })
}

describe('docs/api/v1.md section 1: encodings', () => {
  it.each(['gzip, chunked', 'Gzip,chunked', 'deflate, chunked', 'x-unheard-of, chunked'])(
    'rejects the transfer coding %s, and stores nothing as it came',
    async (coding) => {
      const head = `POST /api/v1/share HTTP/1.1\nTransfer-Encoding: ${coding}`
      expectRejected(
        await exchange(server.url, head, chunks),
        415,
        `Unsupported encoding of the body: ${coding}`,
      )
    },
  )

  it.each(['gzip', 'br', 'x-gzip', 'identity, gzip', 'aes128gcm', 'unheard-of'])(
    'rejects the content coding %s, and stores nothing as it came',
    async (coding) => {
      for (const path of ['/api/v1/share', '/api/v1/generate', '/api/v1/secret/abc']) {
        const head = `POST ${path} HTTP/1.1\nContent-Encoding: ${coding}\nContent-Length: ${zipped.length}`
        expectRejected(
          await exchange(server.url, head, zipped),
          415,
          `Unsupported encoding of the body: ${coding}`,
        )
      }
    },
  )

  it.each(['Content-Encoding: identity', 'Content-Encoding: Identity', 'Content-Encoding:'])(
    'reads a body with %s',
    async (header) => {
      const head = `POST /api/v1/share HTTP/1.1\n${header}\nContent-Length: 8`
      expect((await exchange(server.url, head, 'secret=a')).status).toBe(200)
    },
  )

  it('ignores the encoding of a body that is not there', async () => {
    const head = 'POST /api/v1/share?secret=a HTTP/1.1\nContent-Encoding: gzip\nContent-Length: 0'
    expect((await exchange(server.url, head)).status).toBe(200)
  })

  it('rejects an encoded form of a page with 415', async () => {
    const head = `POST / HTTP/1.1\nContent-Encoding: gzip\nContent-Length: ${zipped.length}`
    const { status, headers } = await exchange(server.url, head, zipped)
    expect({ status, type: headers['content-type'] }).toEqual({
      status: 415,
      type: 'text/html; charset=utf-8',
    })
  })
})

describe('docs/api/v1.md section 5: what Node.js would answer in its own form', () => {
  it.each(['200-ok', 'a, 100-continue', 'b=c'])('rejects Expect: %s', async (expectation) => {
    const head = `POST /api/v1/share HTTP/1.1\nExpect: ${expectation}\nContent-Length: 8`
    expectRejected(
      await exchange(server.url, head, 'secret=a'),
      417,
      `Unsupported expectation: ${expectation}`,
    )
  })

  it('ignores an empty Expect, and any of HTTP/1.0', async () => {
    for (const [version, header] of [
      ['1.1', 'Expect:'],
      ['1.0', 'Expect: 200-ok'],
    ]) {
      const head = `POST /api/v1/share HTTP/${version}\n${header}\nContent-Length: 8`
      expect((await exchange(server.url, head, 'secret=a')).status).toBe(200)
    }
  })

  it('rejects HTTP/1.1 without a Host', async () => {
    const connection = await Connection.open(server.url)
    onTestFinished(() => connection.close())
    expectRejected(
      await connection.send(['GET /api/v1/status HTTP/1.1']),
      400,
      'Malformed request: no Host header',
    )
  })

  it.each([
    ['CONNECT', 'CONNECT example.com:443 HTTP/1.1', 405, 'CONNECT is not supported'],
    [
      'an unescaped character',
      'POST /api/v1/share?secret=ü HTTP/1.1',
      400,
      'an invalid or unescaped character in the request target',
    ],
  ])('names what is wrong with %s', async (_what, head, status, reason) => {
    const answer = await exchange(server.url, head)
    expect({ status: answer.status, ...answer.json() }).toEqual({
      status,
      message: `Malformed request: ${reason}`,
    })
    expect(answer.headers).toMatchObject({
      'x-ots-intended-status': String(status),
      'content-type': 'application/json; charset=utf-8',
    })
  })

  it('names HTTP/2 as what it does not support', async () => {
    const connection = await Connection.open(server.url)
    onTestFinished(() => connection.close())
    connection.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
    expect((await connection.answer()).json()).toEqual({
      message: 'Malformed request: HTTP/2 is not supported',
    })
  })

  it('answers requests before a malformed one first, so that no revealed secret is lost', async () => {
    const { body } = await api(server).post('/share', { secret: 'kept', passphrase: 'b' })
    const connection = await Connection.open(server.url)
    onTestFinished(() => connection.close())
    const head = `POST /api/v1/secret/${body.secret_key} HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\n`
    connection.write(`${head}passphrase=bnonsense\r\n\r\n`)
    expect((await connection.answer()).json()).toMatchObject({ value: 'kept' })
    expect((await connection.answer()).json()).toEqual({ message: 'Malformed request: invalid method' })
  })

  it('answers alike at both addresses of localhost', async () => {
    const addresses = [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ]
    // Not every machine knows both.
    const lookup = dns.lookup as (host: string, options: dns.LookupOptions, done: unknown) => void
    const twofold = vi
      .spyOn(dns, 'lookup')
      .mockImplementation(((host, options, done) =>
        host === 'localhost' && options.all
          ? (done as (error: null, found: typeof addresses) => void)(null, addresses)
          : lookup(host, options, done)) as typeof lookup as typeof dns.lookup)
    onTestFinished(() => twofold.mockRestore())
    const local = await startTestServer({ settings: { BIND: 'localhost' } })
    onTestFinished(() => local.close())
    for (const host of ['127.0.0.1', '[::1]']) {
      const url = `http://${host}:${new URL(local.url).port}`
      expect((await exchange(url, 'nonsense')).json()).toEqual({
        message: 'Malformed request: invalid method',
      })
      const upgrade = 'GET /api/v1/status HTTP/1.1\nConnection: close, upgrade\nUpgrade: websocket'
      expect((await exchange(url, upgrade)).json()).toEqual({ status: 'nominal' })
      const expects = 'POST /api/v1/share HTTP/1.1\nExpect: 100-continue\nContent-Length: 8'
      expect((await exchange(url, expects, 'secret=a')).status).toBe(200)
    }
  })
})

import { connect } from 'node:net'
import { Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, type Api, api, type Body, basic } from '../api/client.ts'
import { broken, bytesOf, framed } from './http-requests.ts'

const SEED = 20_261_123
const FRAMED = 8000
const BROKEN = 2000
const AT_ONCE = 40
const HANG_MS = 60_000
const PLANTED = 'planted-secret-that-nobody-asked-for'

const errors: string[] = []
let server: TestServer
let anybody: Api
let planted: Body
let locked: Body
beforeAll(async () => {
  const log = new Writable({
    write(chunk: Buffer, _encoding, done) {
      errors.push(chunk.toString())
      done()
    },
  })
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { RATE_LIMIT: 'off', TRUST_PROXY: '1', SHARE_DOMAINS: 'links.example.com' },
    logger: pino({ level: 'error' }, log),
  })
  anybody = api(server)
  planted = (await api(server, basic()).post('/share', { secret: PLANTED })).body
  locked = (await anybody.post('/share', { secret: PLANTED, passphrase: 'unheard-of' })).body
})
afterAll(() => server.close())

/** Reads all that the server sends until it closes the connection. */
async function send(bytes: Buffer, end: 'keep open' | 'half-close'): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  socket.setTimeout(HANG_MS, () => socket.destroy(new Error(`no answer to ${bytes.subarray(0, 200)}`)))
  socket.write(bytes)
  if (end === 'half-close') socket.end()
  // The server may close in the middle of what is not HTTP; the rest then has nowhere to go.
  const answer = await buffer(socket).catch((error: NodeJS.ErrnoException) => {
    if (end === 'half-close' && /^(EPIPE|ECONNRESET)$/.test(error.code ?? '')) return Buffer.alloc(0)
    throw error
  })
  return answer.toString('latin1')
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const item of rest) await work(item)
    }),
  )
}

describe('the server under 10,000 fuzzed requests', () => {
  it('answers without a 5xx and leaks no planted secret, and serves normally afterwards', async () => {
    const statuses = new Set<string>()
    const keys = { exact: [planted.secret_key, planted.metadata_key], locked: locked.secret_key }
    await inTurns(fc.sample(framed(keys), { numRuns: FRAMED, seed: SEED }), async (request) => {
      const answer = await send(bytesOf(request), 'keep open')
      const [, status = 'none'] =
        /^(?:HTTP\/1\.1 100 Continue\r\n\r\n)?HTTP\/1\.1 (\d{3}) /.exec(answer) ?? []
      statuses.add(status)
      expect(status, request.target).toMatch(/^[234]/)
      expect(answer).not.toContain(PLANTED)
      if (/^\/api\/[^?]/.test(request.target) && status !== '204') {
        expect(answer).toMatch(/\r\ncontent-type: application\/json; charset=utf-8\r\n/i)
        expect(answer).toMatch(/\r\ncache-control: no-store\r\n/i)
      }
    })
    await inTurns(fc.sample(broken(keys), { numRuns: BROKEN, seed: SEED }), async (bytes) => {
      const answer = await send(bytes, 'half-close')
      expect(answer).not.toMatch(/^HTTP\/1\.1 5|\r\nHTTP\/1\.1 5/)
      expect(answer).not.toContain(PLANTED)
    })

    expect(statuses).toContain('200')
    expect(errors).toEqual([])
    expect((await anybody.get('/status')).body).toEqual({ status: 'nominal' })
    expect((await anybody.post(`/secret/${planted.secret_key}`)).body.value).toBe(PLANTED)
    server.clock.advance(3600)
    const opened = await anybody.post(`/secret/${locked.secret_key}`, { passphrase: 'unheard-of' })
    expect(opened.body.value).toBe(PLANTED)
  }, 600_000)
})

import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EphemeralServer, startEphemeralServer } from '../../src/server/ephemeral.ts'
import { api } from '../api/client.ts'
import { type WildRequest, wildRequest } from './http-wild-requests.ts'

const SEED = 20_261_126
const REQUESTS = 1000
const AT_ONCE = 50
const HANG_MS = 60_000
const TIMEOUTS = { head: 500, request: 1000 }

/** The heads of all final responses. */
const RESPONSE = /HTTP\/1\.1 ([2-5]\d\d) [^\r]*\r\n((?:[^\r]+\r\n)*)\r\n/g

let server: EphemeralServer
beforeAll(async () => {
  const logger = pino({ level: 'silent' })
  server = await startEphemeralServer({ RATE_LIMIT: 'off' }, { logger, timeouts: TIMEOUTS })
})
afterAll(() => server.close())

/** What a client sees: all that it receives until the connection closes, or for a moment after the first response. */
async function send({ writes, after }: WildRequest): Promise<{ received: string; hangs: boolean }> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  let received = ''
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text
  })
  socket.on('error', () => 'the server may close while more is sent')
  for (const bytes of writes) {
    socket.write(bytes)
    await sleep(5)
  }
  if (after === 'half-close') socket.end()
  if (after === 'reset') socket.resetAndDestroy()
  const deadline = Date.now() + HANG_MS
  const answered = () => received.search(RESPONSE) !== -1
  while (!socket.closed && !answered() && Date.now() < deadline) await sleep(20)
  const hangs = !socket.closed && !answered()
  socket.destroy()
  return { received, hangs }
}

describe('1,000 wild requests', () => {
  it('all get a response in a form of ours, or are closed, in time', async () => {
    const requests = fc.sample(wildRequest, { numRuns: REQUESTS, seed: SEED }).values()
    const statuses = new Set<string>()
    const sendRest = async () => {
      for (const request of requests) {
        const text = Buffer.concat([...request.writes]).toString('latin1', 0, 300)
        const { received, hangs } = await send(request)
        expect(hangs, `no response: ${text}`).toBe(false)
        if (request.after === 'wait') expect(received, `closed without a response: ${text}`).not.toBe('')
        for (const [, status = '', head = ''] of received.matchAll(RESPONSE)) {
          statuses.add(status)
          expect(status, text).not.toMatch(/^5/)
          if (status < '400') continue
          expect(head, text).toMatch(
            /^content-type: (application\/json; charset=utf-8|text\/html; charset=utf-8)\r$/im,
          )
          expect(head, text).toMatch(/^cache-control: no-store\r$/im)
        }
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, sendRest))
    expect([...statuses]).toEqual(
      expect.arrayContaining(['200', '400', '404', '405', '408', '413', '415', '417', '431']),
    )
    expect((await api(server).get('/status')).body).toEqual({ status: 'nominal' })
  })

  it('get 408 while their head or body is unfinished', async () => {
    const answers = await Promise.all(
      [
        'GET /api/v1/status HTTP/1.1\r\nHost:',
        'POST /api/v1/share HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nsecret=',
        'POST /api/v1/share HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nsecret=',
      ].map((text) => send({ writes: [Buffer.from(text)], after: 'wait', promisesMore: true })),
    )
    for (const { received } of answers) {
      expect(received).toMatch(
        /^HTTP\/1\.1 408 .*\{"message":"Malformed request: it did not arrive in time"\}$/s,
      )
    }
  })
})

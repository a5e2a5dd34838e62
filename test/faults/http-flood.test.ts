import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { type Api, api, failure, unknownSecret } from '../api/client.ts'
import type { WireAnswer } from '../support/wire.ts'
import { Connection } from '../wire/connection.ts'

const BUSY = failure(503, 'The service is busy at the moment')
const SHARES = 200
const ATTEMPTS = 10

let server: TestServer
let anybody: Api
beforeAll(async () => {
  server = await startTestServer({ settings: { RATE_LIMIT: 'off' } })
  anybody = api(server)
})
afterAll(() => server.close())

function expectBusy({ status, headers, text }: WireAnswer): void {
  expect({ status, text }).toEqual({ status: 503, text: JSON.stringify(BUSY.body) })
  expect(headers).toMatchObject({
    'retry-after': '2',
    'cache-control': BUSY.cache,
    'content-type': BUSY.type,
  })
}

describe('F11: a flood of passphrases', () => {
  it('gets 503 for what Argon2 cannot hash soon, while requests without a passphrase are answered', async () => {
    const { body: locked } = await anybody.post('/share', { secret: 'locked', passphrase: 'b' })
    const { body: open } = await anybody.post('/share', { secret: 'open' })
    const flood = await Connection.open(server.url)
    onTestFinished(() => flood.close())
    const post = (path: string, body: string) =>
      `POST /api/v1${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`

    flood.write(
      post('/share', 'secret=a&passphrase=b').repeat(SHARES) +
        post(`/secret/${locked.secret_key}`, 'passphrase=c').repeat(ATTEMPTS),
    )
    let floodIsOver = false
    const answers = (async () => {
      const all: WireAnswer[] = []
      while (all.length < SHARES + ATTEMPTS) all.push(await flood.answer())
      floodIsOver = true
      return all
    })()

    expect((await anybody.get('/status')).body).toEqual({ status: 'nominal' })
    expect((await anybody.post('/share', { secret: 'a' })).status).toBe(200)
    expect((await anybody.get(`/private/${locked.metadata_key}`)).status).toBe(200)
    expect((await anybody.post(`/secret/${open.secret_key}`)).body.value).toBe('open')
    const missing = await anybody.post(`/secret/${locked.secret_key}`)
    expect(missing).toEqual(unknownSecret(locked.secret_key))
    expect(floodIsOver, 'the flood was answered first').toBe(false)

    const shared = (await answers).slice(0, SHARES)
    const accepted = shared.filter(({ status }) => status === 200)
    const rejected = shared.filter(({ status }) => status !== 200)
    expect(rejected.length).toBeGreaterThan(SHARES / 4)
    rejected.forEach(expectBusy)
    const key = accepted.at(-1)?.json()['secret_key']
    expect((await anybody.post(`/secret/${key}`, { passphrase: 'b' })).body.value).toBe('a')

    // A hash may have ended in between and let an attempt in. Had all been counted, no attempt were left for the
    // right passphrase.
    const attempts = (await answers).slice(SHARES).filter(({ status }) => status !== 404)
    expect(attempts.length).toBeGreaterThan(ATTEMPTS / 2)
    attempts.forEach(expectBusy)
    const revealed = await anybody.post(`/secret/${locked.secret_key}`, { passphrase: 'b' })
    expect(revealed.body.value).toBe('locked')
  })
})

import { availableParallelism } from 'node:os'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { type Api, api, failure, unknownSecret } from '../api/client.ts'
import type { WireAnswer } from '../support/wire.ts'
import { Connection } from '../wire/connection.ts'

const BUSY = failure(503, 'The service is busy at the moment')
const SHARES = 200
const ATTEMPTS = 10
// More than may wait on any of the machines that run tests; with more cores nothing is a flood.
const OTHER_ATTEMPTS = 40 * availableParallelism()
const READERS = 20

let server: TestServer
let anybody: Api
beforeAll(async () => {
  server = await startTestServer({ settings: { RATE_LIMIT: 'off', TRUST_PROXY: '1' } })
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

/** Returns the bytes of a request. */
function post(path: string, body: string, network = '127.0.0.1'): string {
  const head = `POST /api/v1${path} HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${network}\r\n`
  return `${head}Content-Length: ${body.length}\r\n\r\n${body}`
}

/** Sends a request over a connection of its own. */
async function over(request: string): Promise<WireAnswer> {
  const connection = await Connection.open(server.url)
  onTestFinished(() => connection.close())
  connection.write(request)
  return connection.answer()
}

/** Creates secrets with the passphrase `b`, and returns their keys. */
async function lockedSecrets(count: number): Promise<string[]> {
  const keys: string[] = []
  while (keys.length < count) {
    const { body } = await anybody.post('/share', { secret: 'locked', passphrase: 'b' })
    keys.push(String(body.secret_key))
  }
  return keys
}

describe('F11: a flood of passphrases', () => {
  it('gets 503 for what Argon2 cannot hash soon, while requests without a passphrase are answered', async () => {
    const { body: locked } = await anybody.post('/share', { secret: 'locked', passphrase: 'b' })
    const { body: open } = await anybody.post('/share', { secret: 'open' })
    const others = await lockedSecrets(OTHER_ATTEMPTS)
    const flood = await Connection.open(server.url)
    onTestFinished(() => flood.close())

    flood.write(
      post('/share', 'secret=a&passphrase=b').repeat(SHARES) +
        others.map((key) => post(`/secret/${key}`, 'passphrase=c')).join('') +
        post(`/secret/${locked.secret_key}`, 'passphrase=c').repeat(ATTEMPTS),
    )
    let floodIsOver = false
    const answers = (async () => {
      const all: WireAnswer[] = []
      while (all.length < SHARES + others.length + ATTEMPTS) all.push(await flood.answer())
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
    const attempts = (await answers).slice(-ATTEMPTS).filter(({ status }) => status !== 404)
    expect(attempts.length).toBeGreaterThan(ATTEMPTS / 2)
    attempts.forEach(expectBusy)
    const revealed = await anybody.post(`/secret/${locked.secret_key}`, { passphrase: 'b' })
    expect(revealed.body.value).toBe('locked')
  })

  it('never keeps the right passphrase from a secret, however many anonymous senders send theirs', async () => {
    const keys = await lockedSecrets(READERS)
    const shareAll = () =>
      Array.from({ length: SHARES }, (_, index) =>
        over(post('/share', 'secret=a&passphrase=b', `198.51.100.${index}`)),
      )
    const before = shareAll()
    await Promise.any(before.map(async (answer) => expectBusy(await answer)))
    const reveals = keys.map((key, index) =>
      over(post(`/secret/${key}`, 'passphrase=b', `203.0.113.${index}`)),
    )
    const after = shareAll()

    const values = (await Promise.all(reveals)).map((answer) => answer.json()['value'])
    expect(values).toEqual(keys.map(() => 'locked'))
    const statuses = (await Promise.all([...before, ...after])).map(({ status }) => status)
    expect(statuses.filter((status) => status === 503).length).toBeGreaterThan(SHARES)
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(0)
  })
})

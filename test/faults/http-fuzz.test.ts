import { connect } from 'node:net'
import { Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, type Api, api, type Body, basic } from '../http/api.ts'

const SEED = 20_261_123
const FRAMED = 8000
const BROKEN = 2000
const AT_ONCE = 40
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

/** A request that says how long it is, whatever it says. */
interface Framed {
  readonly method: string
  readonly target: string
  readonly headers: readonly string[]
  readonly payload: { readonly type: string; readonly body: Buffer }
  readonly chunked: boolean
}

const METHODS = [
  ...Array<string>(9).fill('POST'),
  'GET',
  'HEAD',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'SEARCH',
]
const ROUTES = [
  'status',
  'authcheck',
  'share',
  'create',
  'generate',
  'secret',
  'private',
  'metadata',
  'receipt',
]
const WORDS = [
  ...['secret', 'passphrase', 'ttl', 'recipient', 'recipient[]', 'share_domain', 'length', 'metadata_ttl'],
  ...['', '0', '-1', '1e9', 'NaN', 'null', 'true', '[]', '{}', '__proto__', 'constructor', 'toString', '\0'],
  ...[
    '%',
    '%00',
    '%zz',
    '%u00e9',
    '%ff',
    '%C0%AF',
    '../..',
    '*',
    '\ud800',
    '\ufeff',
    '"',
    "'",
    '<script>',
    '\r\n',
  ],
  ...['x@example.com', 'links.example.com', '/\\evil.example', '127.0.0.1', 'a'.repeat(300)],
]
const word = fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: 'binary', maxLength: 20 }))
const pairs = fc.array(fc.tuple(word, word), { maxLength: 6 })
const urlencoded = pairs.map((list) => new URLSearchParams(list).toString())

const disposition = fc.oneof(
  word.map((name) => `Content-Disposition: form-data; name="${name}"`),
  word.map((name) => `Content-Disposition: form-data; name="secret"; filename="${name}"`),
  fc.constantFrom(
    'Content-Disposition: form-data',
    'Content-Disposition: attachment',
    'Content-Type: text/plain',
    '',
  ),
)
const form = fc.oneof(
  urlencoded,
  pairs.map((list) => list.map(([name, value]) => `${name}=${value}`).join('&')),
)
const json = fc.oneof(
  fc.json(),
  fc.dictionary(word, fc.oneof(word, fc.jsonValue())).map((value) => JSON.stringify(value)),
)
const parts = fc.array(fc.tuple(disposition, word), { maxLength: 6 }).map((list) => {
  const lines = list.map(([head, value]) => `--x\r\n${head}\r\n\r\n${value}\r\n`)
  return `${lines.join('')}--x--\r\n`
})
const long = fc.nat({ max: 150_000 }).map((size) => `secret=${'a'.repeat(size)}`)

/** A body with its type, some with a few bytes changed, or with another type than it has. */
const payload = fc
  .record({
    typed: fc.oneof(
      fc.tuple(
        fc.constantFrom('application/x-www-form-urlencoded', 'text/plain'),
        fc.oneof({ weight: 5, arbitrary: form }, long),
      ),
      fc.tuple(fc.constant('application/json'), json),
      fc.tuple(fc.constant('multipart/form-data; boundary=x'), parts),
      fc.tuple(
        fc.constantFrom('application/json', 'multipart/form-data; boundary=x', 'multipart/form-data'),
        fc.oneof(form, json, fc.constant('')),
      ),
    ),
    changes: fc.oneof(fc.constant([]), fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 })),
  })
  .map(({ typed: [type, text], changes }) => ({ type, body: changed(Buffer.from(text), changes) }))

const headerText = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.constantFrom('', 'gzip', '*', '203.0.113.1, 10.0.0.1', ',', ';'),
)
const header = fc.oneof(
  fc.constantFrom(
    `Authorization: ${basic().authorization}`,
    'Authorization: Basic Og==',
    'Authorization: Basic %%%',
    'Expect: 100-continue',
    'Upgrade: h2c',
  ),
  fc
    .tuple(
      fc.constantFrom(
        'X-Forwarded-For',
        'X-Forwarded-Host',
        'Accept-Language',
        'Cookie',
        'Origin',
        'Range',
        'Content-Encoding',
        'Content-Type',
        'X-HTTP-Method-Override',
        'Sec-Fetch-Site',
      ),
      headerText,
    )
    .map(([name, value]) => `${name}: ${value.replace(/[^\x20-\x7e]/g, '')}`),
)

/** Keys that were handed out, spoilt in some way, or exact where the method cannot reveal. */
function key(exact: boolean): fc.Arbitrary<string> {
  const known = [planted.secret_key, locked.secret_key, planted.metadata_key]
  const spoilt = known.flatMap((text) => [
    text.slice(1),
    `${text}a`,
    text.toUpperCase(),
    `${text}%00`,
    `${text}/..`,
    `%20${text}`,
  ])
  return fc.constantFrom(
    'recent',
    'abc',
    '%E9',
    '%2e%2e',
    'a'.repeat(1500),
    ...spoilt,
    ...(exact ? known : [locked.secret_key]),
  )
}

const framed = (): fc.Arbitrary<Framed> =>
  fc.constantFrom(...METHODS).chain((method) => {
    const path = fc
      .tuple(
        fc.constantFrom('/api/v1/', '//api/v1//', '/api/v1', '/', '/health/'),
        fc.constantFrom(...ROUTES, ''),
        key(method !== 'POST'),
        fc.constantFrom('', '/burn', '/', '/burn/x'),
      )
      .map(([prefix, route, name, end]) => `${prefix}${route}/${name}${end}`)
    const target = fc.oneof(
      { weight: 3, arbitrary: path },
      { weight: 3, arbitrary: fc.constantFrom(...ROUTES).map((route) => `/api/v1/${route}`) },
      { weight: 1, arbitrary: fc.webUrl({ withFragments: true, withQueryParameters: true }) },
      {
        weight: 1,
        arbitrary: fc.string({ maxLength: 40 }).map((text) => `/${text.replace(/[^\x21-\x7e]/g, '')}`),
      },
    )
    return fc.record({
      method: fc.constant(method),
      target: fc
        .tuple(
          target,
          fc.oneof(
            fc.constant(''),
            urlencoded.map((text) => `?${text}`),
          ),
        )
        .map((parts) => parts.join('')),
      headers: fc.array(header, { maxLength: 4 }),
      payload,
      chunked: fc.boolean(),
    })
  })

function bytesOf({ method, target, headers, payload: { type, body }, chunked }: Framed): Buffer {
  const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`
  const head = [
    `${method} ${target} HTTP/1.1`,
    'Host: a',
    `Content-Type: ${type}`,
    ...headers,
    framing,
    'Connection: close',
  ]
  const size = Buffer.from(`${body.length.toString(16)}\r\n`)
  const pieces = !chunked
    ? [body]
    : body.length > 0
      ? [size, body, Buffer.from('\r\n0\r\n\r\n')]
      : [Buffer.from('0\r\n\r\n')]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), ...pieces])
}

function changed(bytes: Buffer, changes: readonly (readonly [number, number])[]): Buffer {
  const copy = Buffer.from(bytes)
  for (const [at, value] of changes) if (copy.length > 0) copy[at % copy.length] = value
  return copy
}

/** A request that was cut, doubled, or changed in places. */
const broken = (): fc.Arbitrary<Buffer> =>
  fc
    .record({
      bytes: framed()
        .filter(({ payload }) => payload.body.length < 2000)
        .map(bytesOf),
      cut: fc.double({ min: 0, max: 1, noNaN: true }),
      changes: fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 5 }),
      twice: fc.boolean(),
    })
    .map(({ bytes, cut, changes, twice }) => {
      const copy = changed(bytes.subarray(0, Math.ceil(bytes.length * cut)), changes)
      return twice ? Buffer.concat([copy, bytes]) : copy
    })

/** @returns All that the server says until it hangs up. */
async function send(bytes: Buffer, hangUp: boolean): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  socket.setTimeout(10_000, () => socket.destroy(new Error(`no answer to ${bytes.subarray(0, 200)}`)))
  socket.write(bytes)
  if (hangUp) socket.end()
  // It may hang up in the middle of what is no HTTP; the rest then has nowhere to go.
  const answer = await buffer(socket).catch((error: NodeJS.ErrnoException) => {
    if (hangUp && /^(EPIPE|ECONNRESET)$/.test(error.code ?? '')) return Buffer.alloc(0)
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

describe('10,000 fuzzed requests', () => {
  it('no 5xx, no hang, no leak of a planted secret, and the server still answers', async () => {
    const statuses = new Set<string>()
    await inTurns(fc.sample(framed(), { numRuns: FRAMED, seed: SEED }), async (request) => {
      const answer = await send(bytesOf(request), false)
      const [, status = 'none'] =
        /^(?:HTTP\/1\.1 100 Continue\r\n\r\n)?HTTP\/1\.1 (\d{3}) /.exec(answer) ?? []
      statuses.add(status)
      expect(status, request.target).toMatch(/^[234]/)
      expect(answer).not.toContain(PLANTED)
      if (request.target.startsWith('/api/v1/')) {
        expect(answer).toMatch(/\r\ncontent-type: application\/json; charset=utf-8\r\n/i)
        expect(answer).toMatch(/\r\ncache-control: no-store\r\n/i)
      }
    })
    await inTurns(fc.sample(broken(), { numRuns: BROKEN, seed: SEED }), async (bytes) => {
      const answer = await send(bytes, true)
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
  }, 60_000)
})

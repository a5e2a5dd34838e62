import fc from 'fast-check'
import { basic } from '../api/client.ts'

/** A request of any content that declares its length correctly. */
export interface Framed {
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
const NEWER_ROUTES = [
  ...['status', 'version', 'supported-locales', 'receipt/recent', 'feedback', 'openapi.json'],
  ...['secret/conceal', 'secret/generate', 'secret/status', 'guest/receipts'],
  ...['guest/secret/conceal', 'guest/secret/generate'],
]
const WORDS = [
  ...[
    'secret[secret]',
    'secret[ttl]',
    'secret[length]',
    'secret[recipient][]',
    'secret[character_sets][numbers]',
  ],
  ...['secret[', 'secret[]', 'secret[]]', '[]', 'continue', 'identifiers', 'identifiers[]', 'memo'],
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
  fc
    .record(
      {
        secret: fc.oneof(
          fc.dictionary(
            fc.constantFrom(
              'secret',
              'ttl',
              'passphrase',
              'recipient',
              'share_domain',
              'length',
              'character_sets',
            ),
            fc.oneof(word, fc.jsonValue()),
          ),
          fc.jsonValue(),
        ),
        continue: fc.oneof(fc.boolean(), word),
        identifiers: fc.oneof(fc.array(word), word, fc.jsonValue()),
        passphrase: fc.oneof(word, fc.jsonValue()),
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value)),
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

/** Keys of secrets that no request may reveal. */
export interface Planted {
  /** To be tried as they are only where the method cannot reveal. */
  readonly exact: readonly string[]
  /** To be tried as they are everywhere, as a passphrase is missing. */
  readonly locked: string
}

/** Keys that were handed out, spoilt in some way, or exact where the method cannot reveal. */
function key({ exact, locked }: Planted, method: string, version: 'v1' | 'newer'): fc.Arbitrary<string> {
  // The newer versions drop from a key what no key has.
  const dropped = (text: string) => [`${text}%00`, `%20${text}`]
  const isSpoilt = version === 'v1' || method !== 'POST'
  const spoilt = [...exact, locked].flatMap((text) => [
    text.slice(1),
    `${text}a`,
    text.toUpperCase(),
    `${text}/..`,
    ...(isSpoilt || text === locked ? dropped(text) : []),
  ])
  const whole = method === 'POST' ? [locked] : [...exact, locked]
  return fc.constantFrom('recent', 'abc', '%E9', '%2e%2e', 'a'.repeat(1500), ...spoilt, ...whole)
}

/** Generates requests that an HTTP parser accepts. */
export const framed = (planted: Planted): fc.Arbitrary<Framed> =>
  fc.constantFrom(...METHODS).chain((method) => {
    const path = fc
      .tuple(
        fc.constantFrom('/api/v1/', '//api/v1//', '/api/v1', '/', '/health/', '/api/v9/', '/api/'),
        fc.constantFrom(...ROUTES, ''),
        key(planted, method, 'v1'),
        fc.constantFrom('', '/burn', '/', '/burn/x'),
      )
      .map(([prefix, route, name, end]) => `${prefix}${route}/${name}${end}`)
    const newer = fc.constantFrom('/api/v2/', '/api/v3/', '/api/v2/guest/', '/api/v3/guest/', '//api//v2//')
    const newerPath = fc
      .tuple(
        newer,
        fc.constantFrom('secret/', 'receipt/', 'private/', ''),
        key(planted, method, 'newer'),
        fc.constantFrom('', '/reveal', '/status', '/burn', '/', '/burn/x'),
      )
      .map((parts) => parts.join(''))
    const newerRoute = fc.tuple(newer, fc.constantFrom(...NEWER_ROUTES)).map((parts) => parts.join(''))
    const target = fc.oneof(
      { weight: 3, arbitrary: path },
      { weight: 4, arbitrary: newerPath },
      { weight: 4, arbitrary: newerRoute },
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

/** Returns the bytes of a request after whose answer the server closes the connection. */
export function bytesOf({ method, target, headers, payload: { type, body }, chunked }: Framed): Buffer {
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

/** Generates requests that were cut, doubled, or changed in places. */
export const broken = (planted: Planted): fc.Arbitrary<Buffer> =>
  fc
    .record({
      bytes: framed(planted)
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

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../../src/testing.ts'
import { exchange, type WireAnswer } from '../../support/wire.ts'
import { type Api, api, rejection, unknownSecret } from '../client.ts'
import { ENCODINGS, post } from '../encodings.ts'

const NOTHING = rejection(400, 'You did not provide anything to share')
const malformed = (reason: string) => rejection(400, `Malformed request: ${reason}`)

const TEXTS = [
  '  blanks at both ends  ',
  '   ',
  '\nline ends\r\nof all\rkinds\n',
  '\ttabs\t',
  '\ufeffa byte order mark (F19)',
  '👩‍👩‍👧‍👦 🇮🇹',
  'right to left: שלום \u202eabc',
  'a NUL: \0b',
  'a replacement character: \ufffd',
  'composed and decomposed: \u00e9 e\u0301',
  'like parameters: &secret=b;c=%41+%zz#d',
  '{"like":"JSON"}',
]

let server: TestServer
let anybody: Api
beforeAll(async () => {
  server = await startTestServer({ settings: { RATE_LIMIT: 'off' } })
  anybody = api(server)
})
afterAll(() => server.close())

/** Shares by a request of the test's own making and reveals what was kept. */
async function keptOf(answer: { body: { secret_key: string } }): Promise<string> {
  return (await anybody.post(`/secret/${answer.body.secret_key}`)).body.value
}

const json = (body: string) =>
  anybody.call('POST', '/share', { headers: { 'content-type': 'application/json' }, body })

describe.each(Object.entries(ENCODINGS))('docs/api/v1.md section 1: parameters in %s', (_name, encoding) => {
  const send = (path: string, values: Record<string, string> = {}) => post(anybody, path, encoding, values)

  it('are read by /share and /secret', async () => {
    const { body } = await send('/share', { secret: 'täst & more', passphrase: 'p + q', ttl: '3600' })
    expect(body).toMatchObject({ ttl: 3600, passphrase_required: true })
    const wrong = await send(`/secret/${body.secret_key}`, { passphrase: 'p q' })
    expect(wrong).toEqual(unknownSecret(body.secret_key))
    const revealed = await send(`/secret/${body.secret_key}`, { passphrase: 'p + q' })
    expect(revealed.body).toEqual({ value: 'täst & more', secret_key: body.secret_key })
  })

  it('are read by /create, /generate and burn', async () => {
    expect((await send('/create', { secret: 'a', ttl: '60' })).body).toMatchObject({ ttl: 60 })
    const { body } = await send('/generate', { length: '40', passphrase: 'ünlock' })
    expect(body.value).toHaveLength(40)
    const burned = await send(`/private/${body.metadata_key}/burn`, { passphrase: 'ünlock' })
    expect(burned.body['state']).toMatchObject({ state: 'burned' })
  })

  it('keep every byte of a secret', async () => {
    const kept = await Promise.all(TEXTS.map(async (secret) => keptOf(await send('/share', { secret }))))
    expect(kept).toEqual(TEXTS)
  })

  it('are ignored when their names are unknown', async () => {
    const more = { SECRET_KEY: 'x', METADATA_KEY: 'y', metadata_ttl: '1', secret_ttl: '2', '': 'z' }
    const { body } = await send('/share', { ...more, secret: 'kept', ttl: '900' })
    expect(body).toMatchObject({ ttl: 900, secret_ttl: 900, metadata_ttl: 1800 })
  })
})

describe('docs/api/v1.md section 1: query and body', () => {
  it('merges both, and prefers the body', async () => {
    const body = new URLSearchParams({ secret: 'of the body' })
    const answer = await anybody.call('POST', '/share?secret=of%20the%20query&ttl=120', { body })
    expect(answer.body).toMatchObject({ ttl: 120 })
    expect(await keptOf(answer)).toBe('of the body')
  })

  it('prefers even an empty secret in the body to that of the query', async () => {
    const body = new URLSearchParams({ secret: '' })
    expect(await anybody.call('POST', '/share?secret=a', { body })).toEqual(NOTHING)
  })

  it('takes the last value of a repeated parameter', async () => {
    const body = new URLSearchParams([
      ['secret', 'first'],
      ['secret', 'last'],
    ])
    expect(await keptOf(await anybody.call('POST', '/share', { body }))).toBe('last')
  })

  it('takes a secret of maximum size from a query string, with every byte escaped', async () => {
    const secret = 'é'.repeat(5000)
    const answer = await anybody.call('POST', `/share?secret=${encodeURIComponent(secret)}`)
    expect(await keptOf(answer)).toBe(secret)
  })
})

describe('docs/api/v1.md section 1: JSON', () => {
  it.each([
    ['12', '12'],
    ['-0.50', '-0.50'],
    ['12345678901234567890123', '12345678901234567890123'],
    ['1e400', '1e400'],
    ['true', 'true'],
    ['false', 'false'],
    ['"\\"1\\\\\\u0031 2.0"', '"1\\1 2.0'],
  ])('reads the value %s as text', async (value, text) => {
    expect(await keptOf(await json(`{"ttl": 3600, "secret": ${value}, "length": 1}`))).toBe(text)
  })

  it('takes a number for a ttl, and null for a missing parameter', async () => {
    const { body } = await json('{"secret":"a","ttl":7200,"passphrase":null,"recipient":null}')
    expect(body).toMatchObject({ ttl: 7200, passphrase_required: false, recipient: [] })
  })

  it.each([
    ['an array', '["a"]'],
    ['an empty array', '[]'],
    ['an object', '{"a":"b"}'],
  ])(
    'F13: rejects %s for the secret, the passphrase or the ttl, and never coerces it',
    async (_what, value) => {
      for (const name of ['secret', 'passphrase', 'ttl', 'share_domain']) {
        const rest = name === 'secret' ? '' : ',"secret":"a"'
        expect(await json(`{"${name}":${value}${rest}}`)).toEqual(
          rejection(400, `Malformed parameter: ${name}`),
        )
      }
    },
  )

  it.each(['{"a":1}', '[["a@example.com"]]', '[{}]', '[null]'])(
    'rejects %s for the recipient, and does not ignore it',
    async (recipient) => {
      expect(await json(`{"secret":"a","recipient":${recipient}}`)).toEqual(
        rejection(400, 'Malformed parameter: recipient'),
      )
    },
  )

  it.each([
    ['JSON that does not parse', '{"secret":', 'invalid JSON'],
    ['a list', '[{"secret":"a"}]', 'no JSON object'],
    ['a string', '"secret"', 'no JSON object'],
    ['a number', '7', 'no JSON object'],
    ['null', 'null', 'no JSON object'],
    ['a number that JSON does not have', '{"secret":007}', 'invalid JSON'],
    ['a lone surrogate', '{"secret":"\\ud800"}', 'half of a surrogate pair'],
    ['a lone surrogate in a name', '{"secret":"a","\\udfff":"b"}', 'half of a surrogate pair'],
    [
      'a lone surrogate in a list',
      '{"secret":"a","recipient":["\\ud800@example.com"]}',
      'half of a surrogate pair',
    ],
    ['a NUL in a name', '{"secret":"a","b\\u0000":"c"}', 'a NUL in the name of a parameter'],
    ['a name that is not a string', '{"secret":"a",1:2}', 'invalid JSON'],
  ])('rejects %s as a client error', async (_what, body, reason) => {
    expect(await json(body)).toEqual(malformed(reason))
  })
})

describe('docs/api/v1.md section 1: an empty body is an empty set of parameters, whatever its Content-Type says', () => {
  const types = [
    'application/json; charset=utf-8',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'multipart/form-data',
    'text/plain',
    'nonsense',
    '',
  ]
  it.each(types)('holds for the Content-Type %j', async (type) => {
    for (const [framing, body] of [
      ['Content-Length: 0', ''],
      ['Transfer-Encoding: chunked', '0\r\n\r\n'],
    ] as const) {
      const send = (path: string) =>
        exchange(server.url, `POST /api/v1${path} HTTP/1.1\nContent-Type: ${type}\n${framing}`, body)
      expect((await send('/generate')).json()).toMatchObject({ state: 'new', passphrase_required: false })
      expect((await send('/share')).json()).toEqual(NOTHING.body)
      const { body: shared } = await anybody.post('/share', { secret: 'a' })
      expect((await send(`/secret/${shared.secret_key}`)).json()).toMatchObject({ value: 'a' })
    }
  })

  it('holds without Content-Length and Content-Type', async () => {
    expect((await exchange(server.url, 'POST /api/v1/generate HTTP/1.1')).status).toBe(200)
  })
})

describe('docs/api/v1.md section 1: malformed content is a client error, never a 500', () => {
  const raw = (head: string, body: string | Buffer = '', path = '/share') =>
    exchange(
      server.url,
      `POST /api/v1${path} HTTP/1.1\n${head}\nContent-Length: ${Buffer.byteLength(body)}`,
      body,
    )
  const urlencoded = 'Content-Type: application/x-www-form-urlencoded'
  const mixed = 'Content-Type: multipart/form-data; boundary=x'
  const part = (disposition: string, value: string | Buffer) =>
    Buffer.concat([
      Buffer.from(`--x\r\nContent-Disposition: form-data${disposition}\r\n\r\n`),
      Buffer.from(value),
      Buffer.from('\r\n--x--\r\n'),
    ])
  const latin1 = Buffer.from([0xe9])

  const cases: Record<string, () => Promise<WireAnswer>> = {
    'bad percent-encoding in a body': () => raw(urlencoded, 'secret=%zz'),
    'a cut percent-encoding in a body': () => raw(urlencoded, 'secret=a%'),
    'percent-encoding that is not UTF-8, in a body': () => raw(urlencoded, 'secret=%E9'),
    'an encoded surrogate in a body': () => raw(urlencoded, 'secret=%ED%A0%80'),
    'bytes that are not UTF-8, in a body': () =>
      raw(urlencoded, Buffer.concat([Buffer.from('secret='), latin1])),
    'bytes that are not UTF-8, in a body with no type': () =>
      raw('X-None: 1', Buffer.concat([Buffer.from('secret='), latin1])),
    'a NUL in a name in a body': () => raw(urlencoded, 'secret=a&b%00c=d'),
    'more than 100 parameters': () => raw(urlencoded, `${'a=b&'.repeat(120)}secret=c`),
    'bad percent-encoding in a query': () => raw('X-None: 1', '', '/share?secret=%zz'),
    'the %uXXXX of Windows PowerShell': () => raw('X-None: 1', '', '/share?secret=%u00e9'),
    'percent-encoding that is not UTF-8, in a query': () => raw('X-None: 1', '', '/share?secret=%E9'),
    'a NUL in a name in a query': () => raw('X-None: 1', '', '/share?secret=a&%00=b'),
    'JSON that is not UTF-8': () =>
      raw(
        'Content-Type: application/json',
        Buffer.concat([Buffer.from('{"secret":"'), latin1, Buffer.from('"}')]),
      ),
    'a part that is not UTF-8': () => raw(mixed, part('; name="secret"', latin1)),
    'a file part that is not UTF-8': () => raw(mixed, part('; name="secret"; filename="a"', latin1)),
    'a NUL in the name of a part': () => raw(mixed, part('; name="sec\0ret"', 'a')),
    'a multipart body that is cut': () => raw(mixed, part('; name="secret"', 'a').subarray(0, -6)),
    'a multipart body without its boundary': () => raw(mixed, 'secret=a'),
    'a multipart body with a boundary of 253 characters': () =>
      raw(`Content-Type: multipart/form-data; boundary=${'x'.repeat(253)}`, 'secret=a'),
    'a multipart body with a blank in its boundary and no quotes': () =>
      raw('Content-Type: multipart/form-data; boundary=x y', '--x y--\r\n'),
    'a multipart body whose boundary is not ASCII': () =>
      raw('Content-Type: multipart/form-data; boundary=\u00e9', '--\u00e9--\r\n'),
    'a multipart body whose boundary is a part of another parameter': () =>
      raw('Content-Type: multipart/form-data; a="; boundary=x"', 'secret=a'),
    'more than 100 parts': () =>
      raw(
        mixed,
        Buffer.concat([
          ...Array(120).fill(part('; name="a"', 'b').subarray(0, -7)),
          part('; name="secret"', 'c'),
        ]),
      ),
    'a key that cannot be decoded': () => raw('X-None: 1', '', '/secret/%E9'),
    'a key longer than any link': () => raw('X-None: 1', '', `/secret/${'a'.repeat(20_000)}`),
  }
  const REASONS: Record<string, string> = {
    'bad percent-encoding in a body': 'invalid percent-encoding',
    'a cut percent-encoding in a body': 'invalid percent-encoding',
    'percent-encoding that is not UTF-8, in a body': 'invalid percent-encoding',
    'an encoded surrogate in a body': 'invalid percent-encoding',
    'bytes that are not UTF-8, in a body': 'bytes that are not UTF-8',
    'bytes that are not UTF-8, in a body with no type': 'bytes that are not UTF-8',
    'a NUL in a name in a body': 'a NUL in the name of a parameter',
    'more than 100 parameters': 'more than 100 parameters',
    'bad percent-encoding in a query': 'invalid percent-encoding',
    'the %uXXXX of Windows PowerShell': 'invalid percent-encoding',
    'percent-encoding that is not UTF-8, in a query': 'invalid percent-encoding',
    'a NUL in a name in a query': 'a NUL in the name of a parameter',
    'JSON that is not UTF-8': 'bytes that are not UTF-8',
    'a part that is not UTF-8': 'bytes that are not UTF-8',
    'a file part that is not UTF-8': 'bytes that are not UTF-8',
    'a NUL in the name of a part': 'a NUL in the name of a parameter',
    'a multipart body that is cut': 'invalid multipart body',
    'a multipart body without its boundary': 'invalid multipart body',
    'a multipart body with a boundary of 253 characters': 'invalid multipart boundary',
    'a multipart body with a blank in its boundary and no quotes': 'invalid multipart boundary',
    'a multipart body whose boundary is not ASCII': 'invalid multipart boundary',
    'a multipart body whose boundary is a part of another parameter': 'invalid multipart boundary',
    'more than 100 parts': 'more than 100 parts',
    'a key that cannot be decoded': 'invalid percent-encoding in the path',
    'a key longer than any link': 'the path is too long',
  }
  it.each(Object.keys(cases))('rejects %s', async (name) => {
    const { status, headers, text } = await (cases[name] as () => Promise<WireAnswer>)()
    expect({ status, text }).toEqual({
      status: 404,
      text: `{"message":"Malformed request: ${REASONS[name]}"}`,
    })
    expect(headers).toMatchObject({
      'x-ots-intended-status': '400',
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    })
  })

  it('ignores a part without a name', async () => {
    expect((await raw(mixed, part('', 'a'))).json()).toEqual(NOTHING.body)
  })

  it('rejects bytes beyond ASCII in a request line as malformed HTTP', async () => {
    const answer = await exchange(server.url, 'POST /api/v1/share?secret=é HTTP/1.1\nContent-Length: 0')
    expect({ status: answer.status, ...answer.json() }).toEqual({
      status: 400,
      message: 'Malformed request: an invalid or unescaped character in the request target',
    })
  })
})

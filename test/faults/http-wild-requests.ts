import fc from 'fast-check'

/** Bytes that a client sends, most of them no request that any library would make. */
export interface WildRequest {
  /** What is sent in turn, with a pause between. */
  readonly writes: readonly Buffer[]
  /** What the client does after the last write. */
  readonly after: 'wait' | 'half-close' | 'reset'
  /** Whether the bytes promise more than was sent, so that the server may wait. */
  readonly promisesMore: boolean
}

const METHODS = [
  ...Array<string>(6).fill('POST'),
  ...['GET', 'GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'QUERY', 'M-SEARCH', 'CONNECT'],
]
const TARGETS = [
  ...['/api/v1/status', '/api/v1/share', '/api/v1/share?secret=a', '/api/v1/secret/abc', '/api/v1/nowhere'],
  ...['/', '/signin', '/secret/abc', '/health/live', '/nowhere', '//api//v1//status', '/api/v1/secret/%E9'],
  ...['http://elsewhere.example/api/v1/status', 'https://a:1/', '*', '/api/v2/status', '/api/v9/status'],
  `/api/v1/share?secret=${'%41'.repeat(9000)}`,
]
const VERSIONS = [...[' HTTP/0.9', ' HTTP/2.0', ' HTTP/1.2', ' HTTP/11', ' http/1.1', '', ' RTSP/1.0']]
const HEADERS = [
  ...['Connection: close', 'Connection: keep-alive', 'Connection: upgrade\r\nUpgrade: websocket'],
  ...['Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__'],
  ...['Expect: 100-continue', 'Expect: 200-ok', 'Expect:', 'Content-Encoding: gzip'],
  ...['Content-Encoding: identity', 'Content-Type: application/json', 'Content-Type: multipart/form-data'],
  ...['Content-Type: multipart/form-data; boundary=x', 'Content-Type:', 'Authorization: Basic Og=='],
  ...['Authorization: Basic %%%', 'TE: trailers', 'Trailer: X-A', 'Keep-Alive: timeout=1'],
  ...['Range: bytes=0-0', 'If-None-Match: *', 'Accept-Encoding: gzip', 'X-Empty:'],
]
const ODD_HEADERS = [
  ...['X-Folded: a\r\n b', ' X-Folded: first', 'X-Space : a', 'X-Nul: \0', 'X-Bare-CR: a\rb'],
  ...['X-Bare-LF: a\nX-B: b', ': a', 'nonsense', 'X-\u00e9: \u00e9', `X-Long: ${'a'.repeat(60_000)}`],
  'X-A: b\r\n'.repeat(3000).trim(),
]
const BODIES = ['', 'a', 'secret=a', '{"secret":"a"}', '--x\r\n\r\na\r\n--x--\r\n', 'secret=%zz']

/** A way to say where a body ends. */
type Framing = (body: string) => { readonly heads: readonly string[]; readonly sent: string; more?: true }

const chunk = (text: string, size = text.length.toString(16)) => `${size}\r\n${text}\r\n`
const CHUNKED = 'Transfer-Encoding: chunked'
const LENGTH = (body: string, add = 0) => `Content-Length: ${body.length + add}`
const FRAMINGS: readonly Framing[] = [
  ...Array<Framing>(6).fill((body) => ({ heads: [LENGTH(body)], sent: body })),
  (body) => ({ heads: [], sent: body }),
  (body) => ({ heads: [LENGTH(body, 20)], sent: body, more: true }),
  (body) => ({ heads: ['Content-Length: 9000000'], sent: body.padEnd(300_000), more: true }),
  (body) => ({ heads: [LENGTH(body.padEnd(300_000))], sent: body.padEnd(300_000) }),
  (body) => ({ heads: [CHUNKED], sent: `${chunk(body || 'a')}0\r\n\r\n` }),
  (body) => ({ heads: [CHUNKED], sent: `${chunk(body || 'a')}0\r\nX-A: b\r\n\r\n` }),
  (body) => ({ heads: [CHUNKED], sent: chunk(body || 'a'), more: true }),
  (body) => ({ heads: [CHUNKED], sent: `${chunk('a', '1;x=y')}${chunk(body || 'a')}0\r\n\r\n` }),
]
const ODD_FRAMINGS: readonly Framing[] = [
  (body) => ({ heads: [LENGTH(body)], sent: `${body}more than was promised`, more: true }),
  (body) => ({ heads: [LENGTH(body), LENGTH(body)], sent: body }),
  (body) => ({ heads: [LENGTH(body), LENGTH(body, 1)], sent: body }),
  ...['-1', '+1', '0x1', '1e1', '1, 1', '', ' 1', '99999999999999999999', '1_0'].map(
    (length): Framing =>
      (body) => ({ heads: [`Content-Length: ${length}`], sent: body, more: true }),
  ),
  () => ({ heads: [CHUNKED], sent: `${chunk('a', `1;${'x'.repeat(30_000)}`)}0\r\n\r\n` }),
  ...['zz', '-1', '0x1', 'fffffffffffffffff', '', ' 1', '1 '].map(
    (size): Framing =>
      (body) => ({ heads: [CHUNKED], sent: `${chunk(body, size)}0\r\n\r\n`, more: true }),
  ),
  (body) => ({ heads: [CHUNKED], sent: `${chunk(body || 'a').replaceAll('\r', '')}0\n\n`, more: true }),
  (body) => ({ heads: [CHUNKED, LENGTH(body)], sent: `${chunk(body || 'a')}0\r\n\r\n` }),
  (body) => ({ heads: [CHUNKED, CHUNKED], sent: `${chunk(body || 'a')}0\r\n\r\n` }),
  ...['gzip, chunked', 'chunked, gzip', 'gzip', 'identity', 'chunked;q=1', '', 'xchunked'].map(
    (coding): Framing =>
      (body) => ({
        heads: [`Transfer-Encoding: ${coding}`],
        sent: `${chunk(body || 'a')}0\r\n\r\n`,
        more: true,
      }),
  ),
]

/** Chooses from the first values nine times out of ten. */
function mostly<T>(usual: readonly T[], odd: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  )
}

const request = fc
  .record({
    method: mostly(METHODS, ['post', 'REVEAL', '', 'G\0T', 'PRI']),
    target: mostly(TARGETS, ['', '#', '/a b', '/\u00e9?\u00e9', `/${'a'.repeat(60_000)}`, 'a:443']),
    version: mostly([' HTTP/1.1', ' HTTP/1.1', ' HTTP/1.0'], VERSIONS),
    host: mostly([['Host: a']], [[], ['Host: a', 'Host: b'], ['Host:'], ['Host: a b']]),
    headers: fc.array(mostly(HEADERS, ODD_HEADERS), { maxLength: 3 }),
    framing: mostly(FRAMINGS, ODD_FRAMINGS),
    body: fc.constantFrom(...BODIES),
    end: mostly(['\r\n'], ['\n']),
  })
  .map(({ method, target, version, host, headers, framing, body, end }) => {
    const { heads, sent, more = false } = framing(body)
    const head = [`${method} ${target}${version}`, ...host, ...headers, ...heads, '', ''].join(end)
    return { bytes: Buffer.from(head + sent, 'latin1'), more }
  })

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1')
const TLS_HELLO = Buffer.from('16030100c4010000c0030300000000000000000000000000000000', 'hex')
const alien = fc.oneof(
  fc.constantFrom(PREFACE, TLS_HELLO, Buffer.from('\r\n\r\n'), Buffer.from('\0'), Buffer.from('EHLO a\r\n')),
  fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
)

/** Generates what clients, scanners and attackers may send. */
export const wildRequest: fc.Arbitrary<WildRequest> = fc
  .record({
    first: fc.oneof(
      { weight: 12, arbitrary: request },
      { weight: 1, arbitrary: alien.map((bytes) => ({ bytes, more: true })) },
    ),
    pipelined: fc.oneof({ weight: 6, arbitrary: fc.constant([]) }, fc.array(request, { maxLength: 3 })),
    cut: fc.oneof({ weight: 8, arbitrary: fc.constant(1) }, fc.double({ min: 0, max: 1, noNaN: true })),
    pauseAt: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.double({ min: 0, max: 1, noNaN: true })),
    after: fc.constantFrom(...Array<'wait'>(6).fill('wait'), 'half-close', 'reset'),
  })
  .map(({ first, pipelined, cut, pauseAt, after }) => {
    const all = [first, ...pipelined]
    const whole = Buffer.concat(all.map(({ bytes }) => bytes))
    const sent = whole.subarray(0, Math.ceil(whole.length * cut))
    const at = Math.floor(sent.length * pauseAt)
    return {
      writes: [sent.subarray(0, at), sent.subarray(at)].filter((bytes) => bytes.length > 0),
      after,
      promisesMore: cut < 1 || first.more,
    }
  })

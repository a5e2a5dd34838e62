import { strict as assert } from 'node:assert'
import { once } from 'node:events'
import { connect } from 'node:net'
import pino from 'pino'
import { type EphemeralServer, startEphemeralServer } from '../../../src/server/ephemeral.ts'
import type { Target } from '../target.ts'

const SETTINGS = {
  ACCOUNTS: 'ada@example.com:jr3v0xk7m2q9w5t8n4b6c1z0jr3v0xk7',
  CORS_ORIGINS: 'https://app.example.com',
  RATE_LIMIT: 'off',
  SHARE_DOMAINS: 'b.example',
  TRUST_PROXY: '1',
}
const BASIC = `Authorization: Basic ${Buffer.from('ada@example.com:jr3v0xk7m2q9w5t8n4b6c1z0jr3v0xk7').toString('base64')}`
const KEY = 'kort041hmba55rtyatt3ts4nk1kwtob'
// How long the server may be silent before it is taken to wait for more.
const IDLE_MS = 30
const FORM = 'Content-Type: application/x-www-form-urlencoded'

let starting: Promise<EphemeralServer> | undefined

/** Requests as bytes, to the whole server: whatever arrives, it is answered, and never by an internal error. */
export const target: Target = {
  name: 'http-requests',
  input: 'the bytes of a connection',
  seeds: () => [
    request('GET /api/v1/status'),
    request(
      'POST /api/v1/share',
      [FORM, BASIC],
      'secret=the+cake&ttl=3600&recipient=&share_domain=b.example',
    ),
    request('POST /api/v1/generate?length=20', [
      'X-Forwarded-For: 2001:db8::1, 203.0.113.7',
      'X-Forwarded-Proto: https',
    ]),
    request(`POST /api/v1/secret/${KEY}`, ['Content-Type: application/json'], '{"continue":true}'),
    request(`GET /api/v1/private/${KEY}`, ['Accept-Language: de-CH,de;q=0.9']),
    request(`POST /api/v1/private/${KEY}/burn`, ['Authorization: Basic eHl6']),
    request('GET /api/v1/private/recent', [BASIC]),
    request(
      'POST /api/v2/secret/conceal',
      ['Content-Type: application/json', BASIC],
      '{"secret":{"secret":"a","ttl":60,"recipient":[]}}',
    ),
    request(`POST /api/v2/secret/${KEY}/reveal`, [FORM], 'continue=true&passphrase=p'),
    request(
      'POST /api/v3/guest/secret/status',
      ['Content-Type: application/json'],
      `{"identifiers":["${KEY}"]}`,
    ),
    request(`PATCH /api/v2/receipt/${KEY}`, [BASIC, FORM], 'memo=a'),
    request('OPTIONS /api/v1/share', [
      'Origin: https://app.example.com',
      'Access-Control-Request-Method: POST',
    ]),
    request(
      'POST /api/v1/share',
      ['Content-Type: multipart/form-data; boundary=b'],
      '--b\r\nContent-Disposition: form-data; name="secret"\r\n\r\na\r\n--b--\r\n',
    ),
    request('GET /', ['Cookie: csrf=AAAAAAAAAAAAAAAAAAAAAA; language=it; session=AAAA']),
    request(
      'POST /',
      [FORM, 'Origin: http://127.0.0.1', 'Sec-Fetch-Site: same-origin'],
      'secret=a&csrf_token=AAAA',
    ),
    request(
      'POST /signin',
      [FORM, 'Cookie: csrf=AAAAAAAAAAAAAAAAAAAAAA'],
      'email=ada%40example.com&token=x&return=%2Frecent',
    ),
    request(`HEAD /secret/%3C${KEY.toUpperCase()}%3E.`),
    request('GET /recent?page=2&state=burned&q=a'),
    request('GET /signin?return=%2F%5Cevil.example'),
    request('GET /api', ['Accept-Encoding: br, gzip']),
    request('GET /health/ready'),
    'POST /api/v1/share HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nsecret=a\r\n0\r\n\r\n',
    'GET /api/v1/status HTTP/1.0\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nExpect: 200-ok\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  ],
  async run(input) {
    starting ??= startEphemeralServer(SETTINGS, { logger: pino({ level: 'silent' }), whileOpen: 'may-exit' })
    const { answer, isWhole } = await exchange((await starting).url, input)
    const statuses = [...answer.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status))
    const isRequest = /^[A-Z]+ \S+ HTTP\/1\.[01]\r\n/.test(input.toString('latin1'))
    assert.ok(!isRequest || !isWhole || statuses.length > 0, 'no answer')
    assert.ok(!statuses.includes(500), answer.slice(0, 2000))
    assert.doesNotMatch(answer, /An unexpected error occurred/)
  },
  async close() {
    await (await starting)?.close()
    starting = undefined
  },
}

function request(line: string, headers: readonly string[] = [], body = ''): string {
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]
  return `${[`${line} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close', ...headers, ...length].join('\r\n')}\r\n\r\n${body}`
}

/**
 * Sends bytes, and returns all that comes back.
 *
 * @returns `isWhole`: whether the server has closed the connection by itself, and not because it waited for more.
 */
async function exchange(url: string, bytes: Buffer): Promise<{ answer: string; isWhole: boolean }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const chunks: Buffer[] = []
  let isWhole = true
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', () => {
    isWhole = false
  })
  socket.setTimeout(IDLE_MS, () => {
    isWhole = false
    socket.destroy()
  })
  socket.write(bytes)
  await once(socket, 'close').catch(() => 'it was reset')
  return { answer: Buffer.concat(chunks).toString('latin1'), isWhole }
}

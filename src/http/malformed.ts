import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/** A request that Node's HTTP parser cannot read. */
export interface MalformedRequest {
  readonly status: number
  readonly reason: string
}

const STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/** What is wrong with a request, by the error code of Node's HTTP parser (llhttp). */
const REASONS: Readonly<Record<string, string>> = {
  HPE_INVALID_METHOD: 'invalid method',
  HPE_INVALID_URL: 'an invalid or unescaped character in the request target',
  HPE_INVALID_CONSTANT: 'invalid request line',
  HPE_INVALID_VERSION: 'invalid HTTP version',
  HPE_INVALID_HEADER_TOKEN: 'an invalid character in a header',
  HPE_INVALID_CONTENT_LENGTH: 'invalid Content-Length',
  HPE_UNEXPECTED_CONTENT_LENGTH: 'a second length of the body',
  HPE_INVALID_TRANSFER_ENCODING: 'invalid Transfer-Encoding',
  HPE_INVALID_CHUNK_SIZE: 'invalid chunk size',
  HPE_INVALID_EOF_STATE: 'it ended early',
  HPE_CLOSED_CONNECTION: 'a request after the last one',
  HPE_CR_EXPECTED: 'a line that does not end with CR LF',
  HPE_LF_EXPECTED: 'a line that does not end with CR LF',
  HPE_STRICT: 'a line that does not end with CR LF',
  HPE_PAUSED_H2_UPGRADE: 'HTTP/2 is not supported',
  HPE_HEADER_OVERFLOW: 'the request line and headers are too large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'the chunk extensions are too large',
  ERR_HTTP_REQUEST_TIMEOUT: 'it did not arrive in time',
}

/** Describes an error of Node's HTTP parser. */
export function describeMalformed({ code = '' }: { readonly code?: string }): MalformedRequest {
  return { status: STATUS[code] ?? 400, reason: REASONS[code] ?? 'invalid HTTP' }
}

/**
 * How long a client may go on sending what no one reads, in milliseconds. Closing at once would reset the connection, and
 * the client might never see the response (RFC 9112 section 9.6).
 */
const LINGER_MS = 2000

/** A response outside of any route. */
export interface RawAnswer {
  /** In addition to those that every response has. */
  readonly headers?: Readonly<Record<string, string | number>>
  /** Sent as JSON. */
  readonly body: object
}

/** Responds without a route, since none has matched, and closes the connection. */
export function answerRaw(socket: Duplex, status: number, { headers, body }: RawAnswer): void {
  const text = JSON.stringify(body)
  const lines = Object.entries({
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    ...headers,
    'Content-Length': Buffer.byteLength(text),
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`)
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket
    // Node.js no longer listens for errors of a socket that it has handed over.
    .on('error', () => socket.destroy())
    .once('close', () => clearTimeout(timer))
    .once('end', () => socket.destroy())
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', text].join('\r\n'))
  socket.resume()
}

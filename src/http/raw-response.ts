import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * How long a client may go on sending what no one reads, in milliseconds. Closing at once would reset the connection, and
 * the client might never see the response (RFC 9112 section 9.6).
 */
const LINGER_MS = 2000

/** A response outside of any route. */
export interface RawResponse {
  /** In addition to those that every response has. */
  readonly headers?: Readonly<Record<string, string | number>>
  /** Sent as JSON. */
  readonly body: object
}

/** Responds without a route, and closes the connection. */
export function answerRaw(socket: Duplex, status: number, { headers, body }: RawResponse): void {
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

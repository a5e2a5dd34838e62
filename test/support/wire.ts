import { connect } from 'node:net'
import { gunzipSync } from 'node:zlib'

/** An answer as it stood on the wire. */
export interface WireAnswer {
  readonly status: number
  /** By lower-case name; a repeated header is joined by ", ". */
  readonly headers: Readonly<Record<string, string>>
  /** Decoded, if it came compressed. */
  readonly text: string
  /** All of its bytes, with the head. */
  readonly size: number
  /** Parses the body as JSON. */
  json(): Record<string, unknown>
}

/**
 * Sends bytes as they are and reads the one answer.
 * @param url Of the server.
 * @param head The request line and headers, without the empty line that ends them; lines end with `\n`. `Host` and
 *   `Connection: close` are added where they are missing.
 * @param body Bytes that follow.
 */
export async function exchange(url: string, head: string, body: string | Buffer = ''): Promise<WireAnswer> {
  const { hostname, port, host } = new URL(url)
  const lines = head
    .trim()
    .split('\n')
    .map((line) => line.trim())
  if (!/^host:/im.test(head)) lines.push(`Host: ${host}`)
  if (!/^connection:/im.test(head)) lines.push('Connection: close')
  const received: Buffer[] = []
  const socket = connect(Number(port), hostname.replace(/^\[|\]$/g, ''))
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  socket.write(body)
  for await (const chunk of socket) received.push(chunk as Buffer)
  return parseAnswer(Buffer.concat(received))
}

/**
 * Parses one answer.
 * @param bytes All of it, with any `100 Continue` before it.
 */
export function parseAnswer(bytes: Buffer): WireAnswer {
  const end = bytes.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const status = Number(statusLine.split(' ')[1])
  const rest = bytes.subarray(end + 4)
  if (status === 100) return parseAnswer(rest)
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value
  }
  const body = headers['transfer-encoding'] === 'chunked' ? dechunk(rest) : rest
  const isCompressed = headers['content-encoding'] === 'gzip' && body.length > 0
  const text = (isCompressed ? gunzipSync(body) : body).toString()
  return {
    status,
    headers,
    text,
    size: bytes.length,
    json: () => JSON.parse(text) as Record<string, unknown>,
  }
}

function dechunk(bytes: Buffer): Buffer {
  const lineEnd = bytes.indexOf('\r\n')
  const size = Number.parseInt(bytes.toString('latin1', 0, lineEnd), 16)
  if (!(size > 0)) return Buffer.alloc(0)
  const start = lineEnd + 2
  return Buffer.concat([bytes.subarray(start, start + size), dechunk(bytes.subarray(start + size + 2))])
}

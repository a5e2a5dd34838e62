import { connect } from 'node:net'
import { parseAnswer } from '../support/wire.ts'

/** What became of a request. */
export type Outcome =
  | { readonly kind: 'answer'; readonly status: number; readonly body: Readonly<Record<string, unknown>> }
  /** There was no connection, so it never arrived. */
  | { readonly kind: 'unreached' }
  /** The connection ended before the answer was complete. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'stuck' }

/** How a request is sent. */
export interface Sending {
  /** The client's address, for the limits. */
  readonly network: string
  /** After how many milliseconds the client cuts the connection itself. */
  readonly cutAfterMs?: number | undefined
  /** How long the client waits. */
  readonly deadlineMs: number
}

/**
 * Sends one request over a connection of its own.
 *
 * @param request Method and path, such as `POST /api/v1/share`.
 */
export function send(
  url: string,
  request: string,
  params: Readonly<Record<string, string>>,
  { network, cutAfterMs, deadlineMs }: Sending,
): Promise<Outcome> {
  const { hostname, port, host } = new URL(url)
  const body = new URLSearchParams(params).toString()
  const head = [
    `${request} HTTP/1.1`,
    `Host: ${host}`,
    `X-Forwarded-For: ${network}`,
    'Connection: close',
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${body.length}`,
  ]
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname)
    const received: Buffer[] = []
    let connected = false
    const timers = [setTimeout(() => end({ kind: 'stuck' }), deadlineMs)]
    function end(outcome: Outcome): void {
      for (const timer of timers) clearTimeout(timer)
      socket.destroy()
      resolve(outcome)
    }
    socket.on('connect', () => {
      connected = true
      socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
      if (cutAfterMs !== undefined) timers.push(setTimeout(() => end({ kind: 'cut' }), cutAfterMs))
    })
    socket.on('data', (chunk: Buffer) => {
      received.push(chunk)
      const answer = completeAnswer(Buffer.concat(received))
      if (answer !== undefined) end(answer)
    })
    socket.on('error', () => end({ kind: connected ? 'cut' : 'unreached' }))
    socket.on('close', () => end({ kind: connected ? 'cut' : 'unreached' }))
  })
}

function completeAnswer(bytes: Buffer): Outcome | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const length = Number(/^content-length: *(\d+)/im.exec(bytes.toString('latin1', 0, end))?.[1] ?? Number.NaN)
  if (!(bytes.length - end - 4 >= length)) return undefined
  const answer = parseAnswer(bytes)
  try {
    return { kind: 'answer', status: answer.status, body: answer.json() }
  } catch {
    return { kind: 'answer', status: answer.status, body: {} }
  }
}

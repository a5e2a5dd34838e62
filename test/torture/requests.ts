import { connect, type Socket } from 'node:net'
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

/** Connections that are used again, as clients with keep-alive do. */
export interface Connections {
  /**
   * Sends one request over an idle connection, or a new one.
   *
   * @param request Method and path, such as `POST /api/v1/share`.
   */
  send(
    url: string,
    request: string,
    params: Readonly<Record<string, string>>,
    sending: Sending,
  ): Promise<Outcome>
  close(): void
}

/** Creates connections. None is open before the first request. */
export function createConnections(): Connections {
  const idle = new Map<string, Set<Socket>>()

  function idleAt(url: string): Set<Socket> {
    const sockets = idle.get(url) ?? new Set()
    idle.set(url, sockets)
    return sockets
  }

  function take(url: string): Socket {
    const [socket] = idleAt(url)
    if (socket === undefined) {
      const { hostname, port } = new URL(url)
      const opened = connect({ host: hostname, port: Number(port), noDelay: true })
      opened.on('error', () => opened.destroy())
      opened.on('close', () => idleAt(url).delete(opened))
      return opened
    }
    idleAt(url).delete(socket)
    return socket
  }

  return {
    send(url, request, params, { network, cutAfterMs, deadlineMs }) {
      const bytes = bytesOf(url, request, params, network)
      const socket = take(url)
      return new Promise((resolve) => {
        let received = Buffer.alloc(0)
        let connected = !socket.connecting
        const timers = [setTimeout(() => end({ kind: 'stuck' }), deadlineMs)]
        function end(outcome: Outcome): void {
          for (const timer of timers) clearTimeout(timer)
          socket.off('data', read).off('close', lose).off('connect', write)
          if (outcome.kind === 'answer' && !/^connection: *close/im.test(received.toString('latin1')))
            idleAt(url).add(socket)
          else socket.destroy()
          resolve(outcome)
        }
        function write(): void {
          connected = true
          socket.write(bytes)
          if (cutAfterMs !== undefined) timers.push(setTimeout(() => end({ kind: 'cut' }), cutAfterMs))
        }
        function read(chunk: Buffer): void {
          received = Buffer.concat([received, chunk])
          const answer = completeAnswer(received)
          if (answer !== undefined) end(answer)
        }
        function lose(): void {
          end({ kind: connected ? 'cut' : 'unreached' })
        }
        socket.on('data', read).on('close', lose)
        if (connected) write()
        else socket.on('connect', write)
      })
    },
    close() {
      for (const sockets of idle.values()) for (const socket of sockets) socket.destroy()
    },
  }
}

function bytesOf(
  url: string,
  request: string,
  params: Readonly<Record<string, string>>,
  network: string,
): string {
  const body = new URLSearchParams(params).toString()
  return [
    `${request} HTTP/1.1`,
    `Host: ${new URL(url).host}`,
    `X-Forwarded-For: ${network}`,
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n')
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

import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'

const MAXIMUM_RESPONSE_BYTES = 4 * 1024 * 1024
const TIMED_OUT = 'TimeoutError'

/** What is sent. */
export interface Request {
  readonly method: string
  /** From the root of the server, with the query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** What came back. */
export interface Response {
  readonly status: number
  /** By name in lower case; repeated ones are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** There was no response: the connection failed, or none came in time. */
export class NoResponse extends Error {
  override readonly name = 'NoResponse'
  /** As `labelOf` names it. */
  readonly request: string

  /** Creates it with the reason. */
  constructor(reason: string, request: Request, options: ErrorOptions) {
    super(reason, options)
    this.request = labelOf(request)
  }
}

/** Names a request without keys and parameters: `POST /api/v1/secret/KEY`. */
export function labelOf({ method, path }: Request): string {
  return `${method} ${path.replace(/\?.*$/s, '').replaceAll(/[A-Za-z0-9]{20,}/g, 'KEY')}`
}

/** A connection to a server, which is opened when it is needed, and again once it was closed. */
export class Connection {
  readonly #base: URL
  readonly #agent: HttpAgent | HttpsAgent
  readonly #timeoutMs: number

  /**
   * Prepares the connection.
   *
   * @param base The server, maybe with a path before `/api`.
   * @param timeoutMs The most that a response may take, to its last byte.
   */
  constructor(base: URL, timeoutMs: number) {
    const Agent = base.protocol === 'https:' ? HttpsAgent : HttpAgent
    this.#base = base
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1 })
    this.#timeoutMs = timeoutMs
  }

  /**
   * Sends a request and reads the whole response. Redirects are not followed.
   *
   * @throws NoResponse.
   */
  async send(sent: Request): Promise<Response> {
    const { method, path, headers = {}, body = '' } = sent
    const { protocol, hostname, port, pathname } = this.#base
    const options = {
      agent: this.#agent,
      method,
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      path: pathname.replace(/\/$/, '') + path,
      headers: { ...headers, ...(hasBody(method) && { 'content-length': String(Buffer.byteLength(body)) }) },
      signal: AbortSignal.timeout(this.#timeoutMs),
    }
    try {
      return await new Promise((resolve, reject) => {
        const request = protocol === 'https:' ? requestHttps(options) : requestHttp(options)
        request.on('error', reject)
        // Without a listener, Node.js closes the connection and says nothing.
        request.once('upgrade', ({ statusCode }, socket) => {
          socket.destroy()
          reject(new Error(`status ${statusCode} instead of a response`))
        })
        request.once('response', (message) => void read(message).then(resolve, reject))
        request.end(body)
      })
    } catch (error) {
      throw new NoResponse(this.#reasonOf(error as NodeJS.ErrnoException), sent, { cause: error })
    }
  }

  /** Closes the connection. */
  close(): void {
    this.#agent.destroy()
  }

  #reasonOf({ name, code, message, cause }: NodeJS.ErrnoException): string {
    const timedOut = name === TIMED_OUT || (cause as Error | undefined)?.name === TIMED_OUT
    return timedOut ? `no response within ${this.#timeoutMs / 1000} s` : (code ?? message)
  }
}

function hasBody(method: string): boolean {
  return method === 'POST' || method === 'PATCH'
}

async function read(message: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message) {
    size += (chunk as Buffer).length
    if (size > MAXIMUM_RESPONSE_BYTES) {
      message.destroy()
      throw new Error(`a response of more than ${MAXIMUM_RESPONSE_BYTES} bytes`)
    }
    chunks.push(chunk as Buffer)
  }
  const headers = Object.entries(message.headers).map(([name, value]) => [name, [value].flat().join(', ')])
  return {
    status: message.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    text: Buffer.concat(chunks).toString(),
  }
}

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { parseAnswer, type WireAnswer } from '../support/wire.ts'
import { fillHead, type RequestParts } from './head.ts'

/** A connection that stays open from request to request, as clients with a pool keep it. */
export class Connection {
  /** `127.0.0.1:PORT`, for the Host header. */
  readonly host: string
  readonly #socket: Socket
  readonly #chunks: AsyncIterator<Buffer>
  #received = Buffer.alloc(0)

  private constructor(socket: Socket, host: string) {
    this.#socket = socket
    this.#chunks = socket[Symbol.asyncIterator]()
    this.host = host
  }

  /** Connects to a server. */
  static async open(url: string): Promise<Connection> {
    const { hostname, port, host } = new URL(url)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    return new Connection(socket, host)
  }

  /** Writes bytes as they are and waits for nothing. */
  write(bytes: string | Buffer): void {
    this.#socket.write(bytes)
  }

  /**
   * Sends one request and reads its answer.
   * @param lines The request line and the headers.
   */
  async send(lines: readonly string[], body: string | Buffer = ''): Promise<WireAnswer> {
    this.write(`${lines.join('\r\n')}\r\n\r\n`)
    this.write(body)
    return this.answer()
  }

  /** Sends one request with the headers of a client (see `fillHead`) and reads its answer. */
  async request(request: string, headers: string, parts: RequestParts = {}): Promise<WireAnswer> {
    return this.send(fillHead(request, headers, this.host, parts), parts.body)
  }

  /**
   * Reads the next status line and headers, with the empty line that ends them: also those of a `100 Continue`.
   * @throws Error when the server closes before that.
   */
  async head(): Promise<string> {
    const end = '\r\n\r\n'
    for (;;) {
      const at = this.#received.indexOf(end)
      if (at !== -1) return this.#take(at + end.length).toString('latin1')
      await this.#more()
    }
  }

  /**
   * Reads the next answer, framed by its Content-Length.
   * @param method Of the request: the Content-Length of an answer to HEAD is that of a body which does not come.
   */
  async answer(method: 'HEAD' | 'GET' | 'POST' = 'POST'): Promise<WireAnswer> {
    const head = await this.head()
    const length = method === 'HEAD' ? 0 : Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
    while (this.#received.length < length) await this.#more()
    return parseAnswer(Buffer.concat([Buffer.from(head, 'latin1'), this.#take(length)]))
  }

  close(): void {
    this.#socket.destroy()
  }

  async #more(): Promise<void> {
    const { value, done } = await this.#chunks.next()
    if (done) throw new Error('the server closed the connection')
    this.#received = Buffer.concat([this.#received, value])
  }

  #take(length: number): Buffer {
    const taken = this.#received.subarray(0, length)
    this.#received = this.#received.subarray(length)
    return taken
  }
}

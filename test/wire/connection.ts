import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { parseAnswer, type WireAnswer } from '../support/wire.ts'

/** The lines of a request up to the empty one; what is undefined or false is left out. */
export type HeadLines = readonly (string | undefined | false)[]

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

  /** @param url Of the server. */
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

  /** Sends one request and reads its answer. */
  async send(lines: HeadLines, body: string | Buffer = ''): Promise<WireAnswer> {
    this.write(headOf(lines))
    this.write(body)
    return this.answer()
  }

  /**
   * @returns The next status line and headers, with the empty line that ends them: also those of a `100 Continue`.
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
   * @param bodyless Whether it answers a HEAD, whose Content-Length tells of a body that does not come.
   * @returns The next answer, framed by its Content-Length.
   */
  async answer(bodyless = false): Promise<WireAnswer> {
    const head = await this.head()
    const length = bodyless ? 0 : Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
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

/** @returns The lines as bytes of a request's head, with the empty line that ends it. */
function headOf(lines: HeadLines): string {
  return `${lines.filter((line) => typeof line === 'string').join('\r\n')}\r\n\r\n`
}

/**
 * Sends one request on a connection of its own, which the client closes after the answer.
 * @param lines Of its head, for a Host header of `host`.
 */
export async function sendOnce(
  url: string,
  lines: (host: string) => HeadLines,
  body: string | Buffer = '',
): Promise<WireAnswer> {
  const connection = await Connection.open(url)
  try {
    return await connection.send(lines(connection.host), body)
  } finally {
    connection.close()
  }
}

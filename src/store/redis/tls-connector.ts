import { AbstractConnector, type RedisOptions } from 'ioredis'
import { DISCONNECT_MS } from './sentinel-connector.ts'
import { connectTo } from './sentinels.ts'

type Stream = Awaited<ReturnType<AbstractConnector['connect']>>

/**
 * Connects ioredis to a server by TLS. ioredis listens for one error of a connection only, but TLS may report two: that a
 * certificate was not accepted, and how the other side took it. The second one would end the process.
 */
export class TlsConnector extends AbstractConnector {
  readonly #options: RedisOptions

  /**
   * Creates the connector of one client.
   *
   * @param options Those of the client.
   */
  constructor(options: unknown) {
    super(DISCONNECT_MS)
    this.#options = options as RedisOptions
  }

  override async connect(): Promise<Stream> {
    this.connecting = true
    const { host = 'localhost', port = 6379, tls = {} } = this.#options
    this.stream = connectTo({ host, port }, tls)
    this.stream.once('error', (error: Error) => {
      this.firstError = error
    })
    return this.stream
  }
}

import { RateLimited } from './interruptions.ts'
import { fieldOf, parseJson } from './json.ts'
import type { Ledger } from './ledger.ts'
import { type Connection, labelOf, type Request, type Response } from './transport.ts'

const RATE_LIMITED = 'Apologies dear citizen! You have been rate limited.'
const USER_AGENT = 'emberlink-conformance'

/** A response, and the request that it answers. */
export interface Answer extends Response {
  /** Without keys: `POST /api/v1/secret/KEY`. */
  readonly label: string
  /** Parsed; undefined if it was no JSON. */
  readonly body: unknown
}

/** Sends the requests of a run, and counts them. */
export class Client {
  readonly ledger: Ledger
  readonly #connection: Connection
  #requests = 0

  /** Creates one for a run. */
  constructor(connection: Connection, ledger: Ledger) {
    this.ledger = ledger
    this.#connection = connection
  }

  /** How many requests were sent. */
  get requests(): number {
    return this.#requests
  }

  /**
   * Sends a request.
   *
   * @param passphrase That of a secret which it creates.
   * @param connection By default, that of the run.
   * @throws RateLimited, NoResponse.
   */
  async send(request: Request, passphrase = '', connection = this.#connection): Promise<Answer> {
    this.#requests += 1
    const headers = { 'user-agent': USER_AGENT, ...request.headers }
    const response = await connection.send({ ...request, headers })
    const body = parseJson(response.text)
    this.ledger.observe(request, response, body, passphrase)
    const isLimited = response.status === 429 || fieldOf(body, 'message') === RATE_LIMITED
    if (isLimited) throw new RateLimited(secondsIn(response))
    return { ...response, label: labelOf(request), body }
  }
}

// The header may be anything, from any server.
function secondsIn({ headers }: Response): number | undefined {
  const seconds = Number.parseInt(headers['retry-after'] ?? '', 10)
  return seconds > 0 ? seconds : undefined
}

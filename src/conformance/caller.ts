import type { Answer, Client } from './client.ts'
import { fieldOf } from './json.ts'
import type { Request } from './transport.ts'

type Headers = Readonly<Record<string, string>>

/** The parameters of a form. */
export type Params = Readonly<Record<string, string>>

/** Someone who asks the server, always with the same credentials. */
export class Caller {
  readonly #client: Client
  readonly #headers: Headers

  /** Creates one. @param headers What it always sends. */
  constructor(client: Client, headers: Headers = {}) {
    this.#client = client
    this.#headers = headers
  }

  /** Sends a GET. @param path From `/api`. */
  get(path: string): Promise<Answer> {
    return this.send({ method: 'GET', path })
  }

  /** Sends parameters urlencoded, as most clients of v1 do. */
  form(path: string, params: Params = {}): Promise<Answer> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = new URLSearchParams(params).toString()
    return this.send({ method: 'POST', path, headers, body }, params['passphrase'])
  }

  /** Sends JSON, as clients of v2 and v3 do. */
  json(path: string, value: object, method: 'POST' | 'PATCH' = 'POST'): Promise<Answer> {
    const passphrase = fieldOf(value, 'secret', 'passphrase') ?? fieldOf(value, 'passphrase')
    const headers = { 'content-type': 'application/json' }
    return this.send({ method, path, headers, body: JSON.stringify(value) }, String(passphrase ?? ''))
  }

  /** Sends a request as it is. @param passphrase That of a secret which it creates. */
  send(request: Request, passphrase = ''): Promise<Answer> {
    return this.#client.send({ ...request, headers: { ...this.#headers, ...request.headers } }, passphrase)
  }
}

/** Returns the Authorization header of HTTP Basic. */
export function basic(user: string, token: string): { readonly authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}` }
}

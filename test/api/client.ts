import { expectDescribed } from './openapi/described.ts'

/** What a client sees of a response. */
export interface Answer {
  readonly status: number
  /** The X-OTS-Intended-Status. */
  readonly intended?: number | undefined
  readonly type: string | null
  readonly cache: string | null
  /** Seconds. */
  readonly retryAfter?: number | undefined
  readonly body: Body
}

/** A JSON body, with the names that tests read most. */
export interface Body extends Record<string, unknown> {
  readonly metadata_key: string
  readonly secret_key: string
  readonly value: string
}

/** One caller of one server. */
export interface Api {
  /** Sends a GET. @param path Below `/api/v1`. */
  get(path: string): Promise<Answer>
  /** Sends the parameters urlencoded, as most clients do. */
  post(path: string, params?: Readonly<Record<string, string>>): Promise<Answer>
  call(method: string, path: string, init?: RequestInit): Promise<Answer>
}

/**
 * Makes a caller.
 *
 * @param headers What it always sends.
 */
export function api(server: { readonly url: string }, headers: Readonly<Record<string, string>> = {}): Api {
  async function call(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${server.url}/api/v1${path}`, {
      ...init,
      method,
      headers: { ...headers, ...(init.headers as Record<string, string>) },
    })
    const text = await response.text()
    const body: unknown = text === '' ? {} : JSON.parse(text)
    const { status, headers: received } = response
    if (method !== 'HEAD') expectDescribed({ version: 'v1', method, path, status, headers: received, body })
    return {
      status,
      intended: numberIn(response, 'x-ots-intended-status'),
      type: response.headers.get('content-type'),
      cache: response.headers.get('cache-control'),
      retryAfter: numberIn(response, 'retry-after'),
      body: body as Body,
    }
  }
  return {
    call,
    get: (path) => call('GET', path),
    post: (path, params = {}) => call('POST', path, { body: new URLSearchParams(params) }),
  }
}

/** The account that tests sign in with; its token is given to the server under test. */
export const ANA = { email: 'ana@example.com', token: 'token-of-ana-0123456789' } as const

/** Returns the Authorization header of an account, by default Ana's. */
export function basic(user: string = ANA.email, token: string = ANA.token): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}` }
}

/** Returns the whole response to a client error. Source: docs/api/v1.md section 5. */
export function rejection(intended: number, message: string, more: object = {}): Answer {
  return { ...failure(404, message), intended, body: { message, ...more } as unknown as Body }
}

/** Returns the whole response to a reveal or burn of an unknown secret, or a view of its receipt. */
export function unknownSecret(key: string): Answer {
  return rejection(404, 'Unknown secret', { secret_key: key })
}

/** Returns the whole response to a failure that is no client error, without Retry-After. */
export function failure(status: number, message: string): Answer {
  return {
    status,
    type: 'application/json; charset=utf-8',
    cache: 'no-store',
    body: { message } as unknown as Body,
  }
}

function numberIn(response: Response, header: string): number | undefined {
  const text = response.headers.get(header)
  return text === null ? undefined : Number(text)
}

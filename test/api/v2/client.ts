import { expect } from 'vitest'
import type { TestServer } from '../../../src/testing.ts'
import { ANA, basic } from '../client.ts'
import { expectDescribed } from '../openapi/described.ts'

/** A version of the API that these tests call. */
export type Version = 'v2' | 'v3'

/** What a client sees of a response. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Undefined for an empty body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies of any form.
  readonly body: any
}

/** One caller of one version. */
export interface Client {
  readonly version: Version
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>
  /** Sends JSON. */
  post(path: string, body?: object, headers?: Readonly<Record<string, string>>): Promise<Answer>
  /** Sends parameters urlencoded. */
  form(path: string, params: Readonly<Record<string, string>>): Promise<Answer>
  call(method: string, path: string, init?: RequestInit): Promise<Answer>
  /** Creates a secret and returns both keys. */
  conceal(secret?: object): Promise<Keys>
}

/** The keys of a secret. */
export interface Keys {
  readonly secretKey: string
  readonly receiptKey: string
}

/** Makes a caller. @param headers What it always sends. */
export function client(
  server: Pick<TestServer, 'url'>,
  version: Version,
  headers: Readonly<Record<string, string>> = {},
): Client {
  async function call(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${server.url}/api/${version}${path}`, {
      ...init,
      method,
      headers: { ...headers, ...(init.headers as Record<string, string>) },
    })
    const text = await response.text()
    const body = text === '' ? undefined : JSON.parse(text)
    const { status, headers: received } = response
    if (method !== 'HEAD') expectDescribed({ version, method, path, status, headers: received, body })
    return { status, headers: received, body }
  }
  const post = (path: string, body: object = {}, more: Readonly<Record<string, string>> = {}) =>
    call('POST', path, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...more },
    })
  return {
    version,
    call,
    post,
    get: (path, more = {}) => call('GET', path, { headers: more }),
    form: (path, params) => call('POST', path, { body: new URLSearchParams(params) }),
    async conceal(secret = {}) {
      const { record } = (await post('/secret/conceal', { secret: { secret: 'hunter2', ...secret } })).body
      return { secretKey: record.secret.identifier, receiptKey: record.receipt.identifier }
    },
  }
}

/** Makes Ana's caller. */
export function ana(server: Pick<TestServer, 'url'>, version: Version): Client {
  return client(server, version, basic(ANA.email, ANA.token))
}

/** Returns the whole body of an error, without what differs from request to request. */
export function error(error: string, error_type: string, more: object = {}): object {
  return { error, error_type, ...more, request_id: expect.stringMatching(/^[a-z0-9]{12}$/) }
}

/** A key that no secret has. */
export const NOBODY = 'x'.repeat(31)

import { afterAll, beforeAll } from 'vitest'
import { urNameOf } from '../../src/accounts/ur-name.ts'
import { DEFAULT_RATE_LIMITS } from '../../src/config/rate-limits.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import type { WireAnswer } from '../support/wire.ts'
import { Connection } from './connection.ts'
import type { RequestParts } from './head.ts'

/** The account of the clients that sign in. */
export const ACCOUNT = { user: 'foo@example.com', token: '4eb33c6340006d6607c813fc7e707a32f8bf5342' } as const

/** The Authorization header of that account. */
export const BASIC = basic(ACCOUNT.user, ACCOUNT.token)

/** The Authorization header of a client that has no account and always sends one: an empty user, an empty token. */
export const EMPTY_BASIC = basic('', '')

/** The ur name of that account, which it may use instead of its email address. */
export const UR_NAME = urNameOf(ACCOUNT.user)

/** With what a client signs in, and as whom it then creates secrets: for `describe.each`. */
export const CALLERS = [
  ['signed in', BASIC, ACCOUNT.user],
  ['anonymous', undefined, 'anon'],
] as const

/** The same for a client that always sends credentials. */
export const CALLERS_WITH_CREDENTIALS = [
  ['signed in', BASIC, ACCOUNT.user],
  ['with empty credentials', EMPTY_BASIC, 'anon'],
] as const

/** Returns the value of an Authorization header. */
export function basic(user: string, token: string): string {
  return `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`
}

/**
 * Starts one server for the tests of a file, and stops it after them.
 * @param settings By their names in the environment.
 * @returns The server, for use inside of tests.
 */
export function serverOfFile(settings: Readonly<Record<string, string>> = {}): () => TestServer {
  let server: TestServer | undefined
  beforeAll(async () => {
    server = await startTestServer({
      accounts: { [ACCOUNT.user]: ACCOUNT.token },
      settings: { RATE_LIMIT: DEFAULT_RATE_LIMITS, ...settings },
    })
  })
  afterAll(() => server?.close())
  return () => {
    if (server === undefined) throw new Error('used outside of a test')
    return server
  }
}

/** Sends one request of a client, on a connection of its own, and reads the answer. */
type SendRequest = (request: string, parts?: RequestParts) => Promise<WireAnswer>

/**
 * Makes a client whose requests each have a connection of their own, closed after the answer.
 * @param server Of the file.
 * @param headers As recorded; see `fillHead`.
 */
export function clientOf(server: () => TestServer, headers: string): SendRequest {
  return async (request, parts) => {
    const connection = await Connection.open(server().url)
    try {
      return await connection.request(request, headers, parts)
    } finally {
      connection.close()
    }
  }
}

import { afterAll, beforeAll } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'

/** The account of the clients that sign in. */
export const ACCOUNT = { user: 'foo@example.com', token: '4eb33c6340006d6607c813fc7e707a32f8bf5342' } as const

/** What an Authorization header says for that account. */
export const BASIC = basic(ACCOUNT.user, ACCOUNT.token)

/** What an Authorization header says when a client always sends one: an empty user and an empty token. */
export const EMPTY_BASIC = basic('', '')

/** @returns A value of an Authorization header. */
export function basic(user: string, token: string): string {
  return `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`
}

/**
 * Starts one server for the tests of a file, and stops it after them.
 * @returns The server, for use inside of tests.
 */
export function serverOfFile(): () => TestServer {
  let server: TestServer | undefined
  beforeAll(async () => {
    server = await startTestServer({ accounts: { [ACCOUNT.user]: ACCOUNT.token } })
  })
  afterAll(() => server?.close())
  return () => {
    if (server === undefined) throw new Error('used outside of a test')
    return server
  }
}

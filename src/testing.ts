import pino, { type Logger } from 'pino'
import type { Invitation } from './mail/mailer.ts'
import { startEphemeralServer } from './server/ephemeral.ts'
import { type ControlAccess, serveControls } from './testing/control-server.ts'
import type { TestControls } from './testing/controls.ts'
import type { JournalKind } from './testing/journal.ts'

/** What `faults.add` takes. */
export type { Fault } from './testing/fault.ts'

/** Options of a test server. */
export interface TestServerOptions {
  /** API tokens of at least 16 characters, by email address. */
  readonly accounts?: Readonly<Record<string, string>>
  /** Settings, by their names in the environment, such as `TTL_DEFAULT`. There are no rate limits unless `RATE_LIMIT` is set. */
  readonly settings?: Readonly<Record<string, string>>
  /** What `requests` keeps: `masked`, the default, leaves out keys, secrets, passphrases and tokens. */
  readonly journal?: JournalKind
  /** Whether to serve the control API too, for tests that run in another process. */
  readonly control?: boolean
  /** Silent by default. */
  readonly logger?: Logger
}

/** A running server on a free port of 127.0.0.1, with its own store. Its clock moves only when it is advanced. */
export interface TestServer extends TestControls {
  /** `http://127.0.0.1:port`; the API is below `/api/v1`. */
  readonly url: string
  /** The emails that a real server would have sent, oldest first. `emails` can also clear them. */
  readonly mails: readonly Invitation[]
  /** Stops the server and deletes its store. Requests that are held by a fault are disconnected. */
  close(): Promise<void>
}

/** A test server with a control API, which does over HTTP what its methods do. */
export interface ControlledTestServer extends TestServer {
  readonly control: ControlAccess
}

/**
 * Starts Emberlink with a control API, for tests that run in another process.
 *
 * @throws ConfigError when a setting is unknown or rejected.
 */
export async function startTestServer(
  options: TestServerOptions & { readonly control: true },
): Promise<ControlledTestServer>
/**
 * Starts Emberlink for the tests of other software: the real server on an embedded store in a temporary folder, with a
 * clock you can advance, emails collected instead of sent, and faults on demand. It does not read the environment. A server
 * that is not closed, because a test failed, does not keep the process from exiting.
 *
 * @throws ConfigError when a setting is unknown or rejected.
 */
export async function startTestServer(options?: TestServerOptions): Promise<TestServer>
/** Starts either of both. */
export async function startTestServer(
  options: TestServerOptions = {},
): Promise<TestServer | ControlledTestServer> {
  const { accounts = {}, settings = {}, journal, control, logger = pino({ level: 'silent' }) } = options
  const pairs = Object.entries(accounts).map(([email, token]) => `${email}:${token}`)
  const server = await startEphemeralServer(
    { RATE_LIMIT: 'off', ...(pairs.length > 0 && { ACCOUNTS: pairs.join(',') }), ...settings },
    { clock: 'still', logger, journal, whileOpen: 'may-exit' },
  )
  if (!control) return server
  const { access, close } = await serveControls(server)
  return {
    ...server,
    control: access,
    close: async () => void (await Promise.all([close(), server.close()])),
  }
}

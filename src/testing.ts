import pino, { type Logger } from 'pino'
import type { Invitation } from './mail/mailer.ts'
import { startEphemeralServer } from './server/ephemeral.ts'
import { milliseconds } from './time.ts'

/** Options of a test server. */
export interface TestServerOptions {
  /** API tokens of at least 16 characters, by email address. */
  readonly accounts?: Readonly<Record<string, string>>
  /** Settings, by their names in the environment, such as `TTL_DEFAULT`. */
  readonly settings?: Readonly<Record<string, string>>
  /** Silent by default. */
  readonly logger?: Logger
}

/** A clock that moves only when it is advanced. */
export interface TestClock {
  /** Returns the time in Unix milliseconds. */
  now(): number
  /** Moves the clock forward. */
  advance(seconds: number): void
}

/** A running server on a free port of 127.0.0.1, with its own store. */
export interface TestServer {
  /** `http://127.0.0.1:port`; the API is below `/api/v1`. */
  readonly url: string
  readonly clock: TestClock
  /** The emails that a real server would have sent, oldest first. */
  readonly mails: readonly Invitation[]
  /** Stops the server and deletes its store. */
  close(): Promise<void>
}

/**
 * Starts Emberlink for the tests of other software: the real server on an embedded store in a temporary folder, with a
 * clock you can advance and emails collected instead of sent. It does not read the environment.
 *
 * @throws ConfigError when a setting is rejected.
 */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { accounts = {}, settings = {}, logger = pino({ level: 'silent' }) } = options
  const pairs = Object.entries(accounts).map(([email, token]) => `${email}:${token}`)
  let time = Date.now()
  const mails: Invitation[] = []
  const server = await startEphemeralServer(
    { ...(pairs.length > 0 && { ACCOUNTS: pairs.join(',') }), ...settings },
    {
      now: () => milliseconds(time),
      logger,
      ...(settings['SMTP_URL'] === undefined && { mailer: { send: async (mail) => void mails.push(mail) } }),
    },
  )
  return {
    ...server,
    clock: {
      now: () => time,
      advance(seconds) {
        time += seconds * 1000
      },
    },
    mails,
  }
}

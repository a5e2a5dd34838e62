import { readFileSync } from 'node:fs'
import type { FastifyPluginCallback } from 'fastify'
import fp from 'fastify-plugin'
import { type Config, ConfigError, loadConfig } from '../config/load.ts'
import { unknownSettings } from '../config/unknown-names.ts'
import { createLimits } from '../http/limits.ts'
import type { Invitation, Mailer } from '../mail/mailer.ts'
import { createTestClock } from '../testing/clock.ts'
import type { TestControls } from '../testing/controls.ts'
import { disturbRequests } from '../testing/disturb-requests.ts'
import { TestInputError } from '../testing/fault.ts'
import { createFaultScript } from '../testing/fault-script.ts'
import { createHeldRequests } from '../testing/held-requests.ts'
import { createJournal, type JournalKind } from '../testing/journal.ts'
import { recordRequests } from '../testing/record-requests.ts'
import { createRenewableLimits } from '../testing/renewable-limits.ts'
import { letProcessExit } from './connections.ts'
import { createReplaceableBackend } from './replaceable-backend.ts'
import { type ServerOverrides, startServer } from './server.ts'
import { createTemporaryFolder, type TemporaryFolder } from './temporary-folder.ts'

/** How a server for tests runs. */
export interface EphemeralOptions
  extends Pick<ServerOverrides, 'logger' | 'mailer' | 'deadlines' | 'timeouts'> {
  /** Whether its clock runs by itself, as by default, or only when a test moves it. */
  readonly clock?: 'running' | 'still'
  /** `masked` by default. */
  readonly journal?: JournalKind | undefined
  /** Whether the process has to stay while the server is open, as by default, or may exit once it has nothing else to do. */
  readonly whileOpen?: 'stay' | 'may-exit'
}

/** A server with a temporary store, under the control of a test. */
export interface EphemeralServer extends TestControls {
  /** `http://127.0.0.1:port`. */
  readonly url: string
  /** The emails so far; the array stays the same. */
  readonly mails: readonly Invitation[]
  /** Disconnects the clients of requests that are held, stops the server and deletes its store. */
  close(): Promise<void>
}

/**
 * Starts the real server on an embedded store in a temporary folder. Does not read the environment.
 *
 * @param settings By their names in the environment.
 * @throws ConfigError when a setting is unknown or invalid; a system error when the address is taken.
 */
export async function startEphemeralServer(
  settings: Readonly<Record<string, string>>,
  options: EphemeralOptions,
): Promise<EphemeralServer> {
  const folder = createTemporaryFolder()
  try {
    return await start(folder, settings, options)
  } catch (error) {
    folder.remove()
    throw error
  }
}

/** Loads settings of which none may be unknown, as variables of an environment may be. */
function loadSettings(settings: Readonly<Record<string, string>>): Config {
  const unknown = unknownSettings(Object.keys(settings))
  let config: Config
  try {
    config = loadConfig(settings, (path) => readFileSync(path, 'utf8'))
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new ConfigError([...new Set([...unknown, ...error.faults])])
  }
  if (unknown.length > 0) throw new ConfigError(unknown)
  return config
}

async function start(
  folder: TemporaryFolder,
  settings: Readonly<Record<string, string>>,
  { clock: kind = 'running', journal: kept = 'masked', whileOpen = 'stay', ...overrides }: EphemeralOptions,
): Promise<EphemeralServer> {
  const config = loadSettings({ PORT: '0', DATA_DIR: folder.path, ...settings })
  const clock = createTestClock(kind)
  const script = createFaultScript(clock.read)
  const held = createHeldRequests()
  const journal = createJournal()
  const mails: Invitation[] = []
  const mailer: Mailer = { send: async (mail) => void mails.push(mail) }
  const limits = createRenewableLimits(createLimits)
  const backend = createReplaceableBackend(folder.path, script.isStoreAway)
  const plugin: FastifyPluginCallback = fp((app, _options, done) => {
    if (whileOpen === 'may-exit') letProcessExit(app.server)
    app.register(recordRequests, { journal, kind: kept }).register(disturbRequests, { script, held })
    done()
  })
  // The warnings are about how a server is deployed, such as short tokens, which are good enough for tests.
  const { url, stop } = await startServer(
    { ...config, warnings: [] },
    {
      ...(config.smtpUrl === undefined && { mailer }),
      ...overrides,
      now: clock.read,
      plugin,
      openBackend: backend.open,
      createLimits: limits.create,
    },
  )
  const clearFaults = () => {
    script.clear()
    held.release()
  }
  const clearEmails = () => void mails.splice(0)
  return {
    url,
    mails,
    clock,
    emails: { list: () => [...mails], clear: clearEmails },
    requests: journal,
    faults: {
      add: (...faults) => script.add(...faults),
      list: () => script.list(),
      held: () => held.held(),
      release: () => held.release(),
      clear: clearFaults,
    },
    async reset() {
      if (config.redisUrl !== undefined || config.dataDir !== folder.path)
        throw new TestInputError(
          'a server with REDIS_URL or DATA_DIR is not reset: the data may be of others',
        )
      script.clear()
      // Nothing that began before reaches the new store.
      held.disconnect()
      await backend.replace()
      limits.renew()
      clock.reset()
      clearEmails()
      journal.clear()
    },
    async close() {
      script.clear()
      held.close()
      await stop()
      folder.remove()
    },
  }
}

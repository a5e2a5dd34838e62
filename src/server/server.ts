import cluster from 'node:cluster'
import type { Logger } from 'pino'
import { configureAccounts } from '../accounts/authenticate.ts'
import { canonicalEmail } from '../accounts/email-address.ts'
import { createNameIndex } from '../accounts/name-index.ts'
import { threadPoolSize } from '../config/environment.ts'
import type { Config } from '../config/load.ts'
import { defaultPublicUrl } from '../config/network.ts'
import { createPassphraseHasher } from '../crypto/passphrase.ts'
import { createLimits } from '../http/limits.ts'
import { createOpenImported } from '../importer/onetime-secret/open-imported.ts'
import type { Mailer } from '../mail/mailer.ts'
import { createTurns } from '../secrets/turns.ts'
import { auditTo } from '../telemetry/audit.ts'
import { countEmails, timeStore } from '../telemetry/instrument.ts'
import { createLogger } from '../telemetry/logger.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import { serveMetrics } from '../telemetry/metrics-listener.ts'
import type { Tracing } from '../telemetry/tracing.ts'
import { type Clock, milliseconds } from '../time.ts'
import { VERSION } from '../version.ts'
import { type AppContext, type AppOptions, buildApp, type RequestTimeouts } from './app.ts'
import { availableCores } from './available-cores.ts'
import { openBackend } from './backend.ts'
import { followConnections } from './connections.ts'
import { siteSecretWarnings } from './imported-site-secret.ts'
import { mailerOf } from './mail.ts'
import { namingSettings } from './naming-settings.ts'
import { guardRing, type RootKeyChange } from './roots.ts'
import { policyOf } from './sharing-policy.ts'
import { finishRequests, SHUTDOWN_DEADLINES, type ShutdownDeadlines } from './shutdown.ts'
import { siteOf } from './site.ts'
import { nameStore } from './store-name.ts'
import { createStoreWatcher, logStoreWarnings } from './store-watcher.ts'

// libuv's thread pool also runs LMDB commits and DNS lookups, so two of its threads are kept free of Argon2.
const SPARE_POOL_THREADS = 2
const WAITING_PER_HASH = 32

/** A running server. */
export interface RunningServer {
  /** The address it listens on: `http://host:port`. */
  readonly url: string
  /** The address of the metrics page, if this process serves it. */
  readonly metricsUrl: string | undefined
  /**
   * Shuts down gracefully: readiness fails, new requests get 503, pending ones finish or are cut off at their deadline,
   * then the store closes. May be called more than once.
   */
  stop(): Promise<void>
}

/** Replacements for parts of the server, for tests; and `tracing`. */
export interface ServerOverrides {
  readonly now?: Clock
  readonly logger?: Logger
  readonly mailer?: Mailer
  readonly tracing?: Tracing | undefined
  readonly deadlines?: Pick<ShutdownDeadlines, 'requests'>
  readonly timeouts?: RequestTimeouts
  readonly openBackend?: typeof openBackend
  readonly createLimits?: typeof createLimits
  /** Is registered before any route, in place of tracing. */
  readonly plugin?: AppOptions['plugin']
}

/**
 * Opens the store, listens, and serves until it is stopped.
 *
 * @throws DomainError `store_unavailable`, `missing_root_key`; a system error when an address is taken.
 */
export async function startServer(config: Config, overrides: ServerOverrides = {}): Promise<RunningServer> {
  const opened: (() => Promise<void>)[] = []
  const closeAll = async () => {
    for (const close of opened.reverse()) await close()
  }
  try {
    return await start(config, overrides, (close) => opened.push(close), closeAll)
  } catch (error) {
    await closeAll()
    throw error
  }
}

async function start(
  config: Config,
  overrides: ServerOverrides,
  onStop: (close: () => Promise<void>) => void,
  closeAll: () => Promise<void>,
): Promise<RunningServer> {
  const { now = () => milliseconds(Date.now()), logger = createLogger(config.logLevel), tracing } = overrides
  const { deadlines = SHUTDOWN_DEADLINES, plugin = tracing?.plugin } = overrides
  const { openBackend: open = openBackend, createLimits: limit = createLimits } = overrides
  const metrics = config.metrics === undefined ? undefined : await createMetrics(VERSION)
  const watcher = createStoreWatcher(logger, metrics, () => bareStore)
  const audit = auditTo(logger)
  const onRootKey = audit && ((root: RootKeyChange) => audit.rootKey('root_key_changed', root))
  const storeName = nameStore(config)
  const { store: bareStore, ring } = await open(config, { watcher, whenAway: 'wait', onRootKey })
  onStop(() => bareStore.close())

  const hasher = createHasher(config)
  const store = metrics === undefined ? bareStore : timeStore(bareStore, metrics)
  const assertRing = guardRing(store.roots, ring, onRootKey)
  const mailer = overrides.mailer ?? (await mailerOf(config))
  let publicUrl = config.publicUrl ?? defaultPublicUrl(config.bind, config.port)
  const context: AppContext = {
    secrets: {
      store: store.secrets,
      imports: store.imports,
      ring,
      hasher,
      openImported: createOpenImported(hasher, config.importedSiteSecrets),
      turns: createTurns(),
      now,
      ...handleEvents(audit?.secret, metrics?.onEvent),
    },
    accounts: {
      store: store.accounts,
      ring,
      configured: configureAccounts(ring, config.accounts),
      names: createNameIndex({
        store: store.accounts,
        ring,
        emails: config.accounts.map(({ email }) => canonicalEmail(email)),
      }),
      now,
      ...handleEvents(audit?.account, metrics?.onAccountEvent),
    },
    mailer: mailer && metrics ? countEmails(mailer, metrics.emailed) : mailer,
    policy: policyOf(config, () => publicUrl),
    site: siteOf(config),
    defaultLocale: config.languageDefault,
    async ready() {
      const { warnings, ...readiness } = await store.ready()
      await assertRing()
      const missing = await siteSecretWarnings([store.imports, config], now())
      return { ...readiness, warnings: [...warnings, ...missing] }
    },
    reachable: () => store.reachable(),
  }
  let stopping: Promise<void> | undefined
  const app = await buildApp(context, {
    logger,
    limits: limit(store.rates, ring, config.rateLimits, now, metrics?.rateLimited),
    trustProxy: config.trustProxy,
    corsOrigins: config.corsOrigins,
    stopping: () => stopping !== undefined,
    plugin,
    onResponse: metrics?.onResponse,
    timeouts: overrides.timeouts,
  })
  metrics?.watch({
    waitingHashes: () => hasher.waiting,
    ready: () => context.ready(),
    measure: () => bareStore.measure(),
    now,
  })
  // With several workers, the primary serves the metrics of all of them.
  const listener =
    config.metrics && metrics && cluster.isPrimary
      ? await namingSettings('METRICS', serveMetrics(config.metrics, metrics.page, logger))
      : undefined
  if (listener !== undefined) onStop(() => listener.close())
  const connections = followConnections(app.server)
  onStop(() => finishRequests(app, connections, deadlines.requests))
  const listening = app.listen({
    host: config.bind,
    port: config.port,
    listenTextResolver: (address) => `Emberlink ${VERSION} listening at ${address} with ${storeName}`,
  })
  const url = await namingSettings('PORT, BIND', listening)
  publicUrl = config.publicUrl ?? defaultPublicUrl(config.bind, Number(new URL(url).port || 80))
  const missing = await siteSecretWarnings([store.imports, config], now()).catch(() => [])
  for (const warning of [...config.warnings, ...missing])
    logger.warn({ warning }, 'the settings may be wrong')
  await logStoreWarnings(bareStore, logger)
  return { url, metricsUrl: listener?.url, stop: () => (stopping ??= closeAll()) }
}

function handleEvents<Event extends readonly unknown[]>(
  ...handlers: readonly (((...event: Event) => void) | undefined)[]
): { onEvent?: (...event: Event) => void } {
  const [first, ...others] = handlers.filter((handler) => handler !== undefined)
  if (first === undefined) return {}
  if (others.length === 0) return { onEvent: first }
  return {
    onEvent(...event) {
      first(...event)
      for (const handle of others) handle(...event)
    },
  }
}

function createHasher({ argon2Memory, argon2Time }: Config) {
  const atOnce = Math.max(1, Math.min(availableCores(), threadPoolSize() - SPARE_POOL_THREADS))
  return createPassphraseHasher({ memory: argon2Memory, time: argon2Time }, atOnce, atOnce * WAITING_PER_HASH)
}

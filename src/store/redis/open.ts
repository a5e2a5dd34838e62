import { parseRedisUrl } from '../../redis-url.ts'
import { type Clock, milliseconds } from '../../time.ts'
import type { Store } from '../store.ts'
import { createAccountStore } from './accounts.ts'
import { createAdmit } from './admit.ts'
import { openConnection } from './connection.ts'
import { createImportStore } from './imports.ts'
import { createMeasure } from './measure.ts'
import { createRateStore } from './rates.ts'
import { createRootStore } from './roots.ts'
import { createScan } from './scan.ts'
import { createSecretStore } from './secrets.ts'
import { openSupervised } from './supervisor.ts'
import type { TlsFiles } from './tls.ts'
import { findWarnings } from './warnings.ts'

/** How to open a store on Redis. */
export interface RedisStoreOptions {
  /** How long to wait for a connection, and for any data while a reply is due. 5,000 by default. */
  readonly timeoutMs?: number
  /** Is called with the reason when the connection is lost; once, until it is restored. */
  readonly onFault?: (fault: Error) => void
  /** How long Redis may be unreachable before the store reconnects with a new client. 10,000 by default. */
  readonly reopenAfterMs?: number
  /** Is called after the store reconnected with a new client. */
  readonly onReopened?: () => void
  /** Is called with a warning when the clocks of Redis and of this server begin to differ too much. */
  readonly onClockSkew?: (warning: string) => void
  /** The clock of this server; the machine's by default. */
  readonly now?: Clock
  /** Whether to fail when Redis cannot be reached, or to wait for it in the background. `fail` by default. */
  readonly whenAway?: 'fail' | 'wait'
  /** For `rediss://`. What Node.js trusts by default. */
  readonly tlsFiles?: TlsFiles
}

/**
 * Opens a store on Redis 6 or later, alone, behind Sentinel, or as a cluster.
 *
 * Without a connection, each call fails at once with `store_unavailable` and changes nothing, while the store reconnects in
 * the background, if necessary with a new client. A call whose reply is lost fails the same way, but may have taken effect:
 * such a claim loses its secret, but does not report it as unknown.
 *
 * @param url See `parseRedisUrl`.
 * @throws TypeError when `url` is malformed; DomainError `store_unavailable` with the reason when Redis rejects
 *   the connection, or cannot be reached and `whenAway` is `fail`.
 */
export async function openRedisStore(url: string, options: RedisStoreOptions = {}): Promise<Store> {
  const { timeoutMs = 5000, reopenAfterMs = 10_000, whenAway = 'fail', tlsFiles = {} } = options
  const { onFault = () => undefined, onReopened = () => undefined, onClockSkew = () => undefined } = options
  const { now = () => milliseconds(Date.now()) } = options
  const address = parseRedisUrl(url)
  const open = (report: (fault: Error) => void) => openConnection(address, { timeoutMs, tlsFiles }, report)
  const connection = await openSupervised({
    open,
    replicas: address.replicas,
    timeoutMs,
    reopenAfterMs,
    whenAway,
    onFault,
    onReopened,
    onClockSkew,
    now,
  })
  const scan = createScan(connection)
  const rates = createRateStore(connection.run)
  const admit = createAdmit(connection.run, rates, address.form === 'cluster' ? 'many' : 'one')
  const secrets = createSecretStore(connection.run, admit, scan)
  return {
    secrets,
    imports: createImportStore(connection.run, scan),
    accounts: createAccountStore(connection.run, scan),
    rates,
    roots: createRootStore(connection.run),
    ready: connection.ready,
    reachable: connection.reachable,
    measure: createMeasure(connection, secrets, address.db, now),
    warnings: async () => findWarnings(connection.masters(), address.replicas, now),
    close: () => connection.close(),
  }
}

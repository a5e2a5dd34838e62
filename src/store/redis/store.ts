import type { Store } from '../store.ts'
import { createAccountStore } from './accounts.ts'
import { findConcerns } from './concerns.ts'
import { openConnection } from './connection.ts'
import { createRateStore } from './rates.ts'
import { writeEverywhere } from './ready.ts'
import { createScan } from './scan.ts'
import { createSecretStore } from './secrets.ts'
import { parseRedisUrl } from './url.ts'

export interface RedisStoreOptions {
  /** How long to wait for a connection, and for a sign of life when an answer is due. 5,000 if left out. */
  readonly timeoutMs?: number
  /** Hears why the connection was lost; once, until it is back. */
  readonly onFault?: (fault: Error) => void
}

/**
 * Opens a store on Redis 6 or later, alone, behind Sentinel, or as a cluster.
 *
 * While there is no connection every call fails at once with `store_unavailable` and changes nothing; the connection
 * is made again in the background. A call whose answer is lost fails likewise, but may have been done: a claim then
 * forfeits its secret, and never tells its own caller that the secret is gone.
 * @param url See `parseRedisUrl`.
 * @throws TypeError when `url` is none. DomainError `store_unavailable` with the reason when Redis does not answer
 * in time, or does not let us in.
 */
export async function openRedisStore(url: string, options: RedisStoreOptions = {}): Promise<Store> {
  const { timeoutMs = 5000, onFault = () => undefined } = options
  const address = parseRedisUrl(url)
  const connection = await openConnection(address, timeoutMs, onFault)
  const scan = createScan(connection)
  return {
    secrets: createSecretStore(connection.run, scan),
    accounts: createAccountStore(connection.run, scan),
    rates: createRateStore(connection.run),
    ready: () => writeEverywhere(connection),
    concerns: () => findConcerns(connection.masters(), address.replicas),
    close: () => connection.close(),
  }
}

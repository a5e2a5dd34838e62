import type { Config } from '../config/load.ts'
import type { SharingPolicy } from '../sharing/policy.ts'

/**
 * Returns what the configuration permits to share.
 *
 * @param publicUrl Returns the public address of the site, which is known for certain once the server listens.
 */
export function policyOf(config: Config, publicUrl: () => string): SharingPolicy {
  const shared = config.shareDomains.map(
    ({ host, accounts }) => [host, accounts === 'all' ? accounts : new Set(accounts)] as const,
  )
  return {
    get publicUrl() {
      return publicUrl()
    },
    anonymousCreate: config.anonymousCreate,
    secretMaxBytes: config.secretMaxBytes,
    secretMaxBytesAnonymous: config.secretMaxBytesAnonymous ?? config.secretMaxBytes,
    ttl: {
      default: config.ttlDefault,
      maxAnonymous: config.ttlMaxAnonymous,
      maxAccount: config.ttlMaxAccount,
    },
    domains: new Map(shared),
  }
}

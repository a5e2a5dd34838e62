import { MAX_PASSPHRASE_BYTES } from '../../secrets/new-secret.ts'
import type { SharingPolicy } from '../../sharing/policy.ts'

/** What this server adds to the description of each parameter: its ranges and defaults. */
export type Limits = Readonly<Record<string, string>>

/** Returns the limits of this server, by the name of the parameter. */
export function limitsOf(policy: SharingPolicy): Limits {
  const { ttl, secretMaxBytes, secretMaxBytesAnonymous, domains } = policy
  return {
    ttl: `60 to ${ttl.maxAnonymous}, for an account ${ttl.maxAccount}; default ${ttl.default}`,
    secret:
      secretMaxBytesAnonymous === secretMaxBytes
        ? `At most ${secretMaxBytes} bytes of UTF-8`
        : `At most ${secretMaxBytesAnonymous} bytes of UTF-8, for an account ${secretMaxBytes}`,
    passphrase: `At most ${MAX_PASSPHRASE_BYTES} bytes of UTF-8`,
    share_domain: domains.size === 0 ? 'This server has none' : 'See the sender’s page for those you may use',
  }
}

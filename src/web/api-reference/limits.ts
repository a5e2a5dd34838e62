import type { SharingPolicy } from '../../sharing/policy.ts'

/** What this server adds to the description of each parameter: its ranges and defaults. */
export type Limits = Readonly<Record<string, string>>

/** Returns the limits of this server, by the name of the parameter. */
export function limitsOf({ ttl, secretMaxBytes, domains }: SharingPolicy): Limits {
  return {
    ttl: `60 to ${ttl.maxAnonymous}, for an account ${ttl.maxAccount}; default ${ttl.default}`,
    secret: `At most ${secretMaxBytes} bytes of UTF-8`,
    passphrase: 'At most 1024 bytes of UTF-8',
    share_domain: domains.size === 0 ? 'This server has none' : 'See the sender’s page for those you may use',
  }
}

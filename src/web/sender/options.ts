import type { FastifyRequest } from 'fastify'
import { secretMaxBytesFor } from '../../sharing/policy.ts'
import { domainsFor } from '../../sharing/share-domains.ts'
import { type Seconds, seconds } from '../../time.ts'
import type { WebContext } from '../context.ts'

/** The choices that the form offers. */
export interface SenderOptions {
  /** Shortest first. */
  readonly lifetimes: readonly Seconds[]
  /** Maximum size of a secret, in bytes of UTF-8. */
  readonly maxBytes: number
  /** Whether the link can be emailed. */
  readonly email: boolean
  /** Domains for the link, the site's own first. */
  readonly domains: readonly string[]
}

// Five minutes, an hour, four and twelve hours, a day, three, seven, fourteen and thirty days.
const LIFETIMES = [300, 3600, 14_400, 43_200, 86_400, 259_200, 604_800, 1_209_600, 2_592_000].map(seconds)

/** Returns the choices that the form offers a caller. */
export function senderOptions({ policy, mailer }: WebContext, { account }: FastifyRequest): SenderOptions {
  const maximum = account === undefined ? policy.ttl.maxAnonymous : policy.ttl.maxAccount
  const usual = LIFETIMES.filter((lifetime) => lifetime < maximum)
  return {
    lifetimes: [...new Set([...usual, policy.ttl.default, maximum])].sort((a, b) => a - b),
    maxBytes: secretMaxBytesFor(policy, { account }),
    email: account !== undefined && mailer !== undefined,
    domains: [new URL(policy.publicUrl).host, ...domainsFor(policy.domains, account?.email)],
  }
}

import type { FastifyRequest } from 'fastify'
import type { SharingPolicy } from '../../sharing/policy.ts'
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
export function senderOptions(web: WebContext, { account }: Pick<FastifyRequest, 'account'>): SenderOptions {
  return account === undefined ? anonymousOptions(web) : accountOptions(web, account.email)
}

/**
 * Returns the choices of an account.
 *
 * @param email Undefined for an account that is not known because its sender is signed out.
 */
export function accountOptions({ policy, mailer }: WebContext, email: string | undefined): SenderOptions {
  return {
    lifetimes: lifetimesUpTo(policy.ttl.maxAccount, policy),
    maxBytes: policy.secretMaxBytes,
    email: mailer !== undefined,
    domains: domains(policy, email),
  }
}

function anonymousOptions({ policy }: WebContext): SenderOptions {
  return {
    lifetimes: lifetimesUpTo(policy.ttl.maxAnonymous, policy),
    maxBytes: policy.secretMaxBytesAnonymous,
    email: false,
    domains: domains(policy, undefined),
  }
}

function lifetimesUpTo(maximum: Seconds, { ttl }: SharingPolicy): readonly Seconds[] {
  const usual = LIFETIMES.filter((lifetime) => lifetime < maximum)
  return [...new Set([...usual, ttl.default, maximum])].sort((a, b) => a - b)
}

function domains(policy: SharingPolicy, email: string | undefined): readonly string[] {
  return [new URL(policy.publicUrl).host, ...domainsFor(policy.domains, email)]
}

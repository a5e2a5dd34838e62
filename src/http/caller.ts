import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Account } from '../accounts/authenticate.ts'
import { pseudonymOf } from '../accounts/pseudonym.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { DomainError } from '../errors.ts'
import type { Locale } from '../i18n/locale.ts'
import { type Admission, UNLIMITED } from '../limits/admission.ts'
import type { Actor, Way } from '../secrets/actor.ts'
import type { Claimant } from '../secrets/claim.ts'
import type { Caller } from '../sharing/caller.ts'
import { clientNetwork } from './client-network.ts'
import { localeOf } from './request-locale.ts'

const API_PATH = /^\/api\/(v\d)(?:\/|$)/

interface CallerOptions {
  readonly ring: KeyRing
  readonly defaultLocale: Locale
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The account that makes the request; undefined for an anonymous caller. */
    account: Account | undefined
    /** The rate limit of the request; undefined until right before the handler, and for a route without one. */
    admission: Admission | undefined
    /** The caller, as the use cases see it. */
    readonly caller: Caller
    /** The caller, as a claim sees it. */
    readonly claimant: Pick<Claimant, 'network' | 'connected' | 'actor' | 'admission'>
    /** The caller, as the audit log names it. */
    readonly actor: Actor
  }
}

/**
 * Decorates requests with their caller. The account is undefined until authentication or a session sets it.
 *
 * @param options `ring`: gives accounts their pseudonyms. `defaultLocale`: for callers who ask for no language that has a
 *   catalog.
 */
export const caller = fp(
  async (app: FastifyInstance, { ring, defaultLocale }: CallerOptions) => {
    app.decorateRequest('account', undefined)
    app.decorateRequest('admission', undefined)
    app.decorateRequest('actor', {
      getter(this: FastifyRequest): Actor {
        const { account, id, url, routeOptions } = this
        return {
          // The path may be percent-encoded.
          way: wayOf(routeOptions.url ?? url),
          requestId: id,
          // Derived only if an event is logged.
          get account() {
            return account && pseudonymOf(ring, account.email)
          },
        }
      },
    })
    app.decorateRequest('caller', {
      getter(this: FastifyRequest): Caller {
        const { account, ip, host, headers, actor, admission = UNLIMITED } = this
        return {
          account,
          network: clientNetwork(ip, { ipv6: 64 }),
          host,
          actor,
          admission,
          get locale() {
            return localeOf(headers, defaultLocale)
          },
        }
      },
    })
    app.decorateRequest('claimant', {
      getter(this: FastifyRequest) {
        const { ip, socket, actor, admission = UNLIMITED } = this
        // An attacker may hold a whole site, and must not be able to lock the recipient out with it.
        const network = clientNetwork(ip, { ipv6: 48 })
        return { network, connected: () => !socket.destroyed, actor, admission }
      },
    })
  },
  { name: 'request-caller' },
)

/**
 * Returns the way that a request came, for the audit log, by its path alone: another version of the API needs no change here.
 *
 * @param url The pattern of the route, or the path of a request that has none, below the base path.
 */
export function wayOf(url: string): Way {
  return (API_PATH.exec(url)?.[1] as Way | undefined) ?? 'page'
}

/**
 * Returns the account of a request, for routes that require one.
 *
 * @throws DomainError `not_authorized` for an anonymous caller.
 */
export function requireAccount({ account }: FastifyRequest): Account {
  if (account === undefined) throw new DomainError('not_authorized')
  return account
}

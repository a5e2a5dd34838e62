import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Account } from '../accounts/authenticate.ts'
import { pseudonymOf } from '../accounts/pseudonym.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { DomainError } from '../errors.ts'
import type { Locale } from '../i18n/locale.ts'
import { type Admission, UNLIMITED } from '../limits/admission.ts'
import type { Actor, Way } from '../secrets/actor.ts'
import type { Claimant } from '../secrets/claimant.ts'
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
      getter(this: FastifyRequest) {
        return new RequestActor(this, ring)
      },
    })
    app.decorateRequest('caller', {
      getter(this: FastifyRequest) {
        return new RequestCaller(this, defaultLocale)
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

// Classes, because an object with an accessor of its own costs many times more to create, and every request needs some.

/** The caller of a request, with the account that it has now. */
class RequestCaller implements Caller {
  readonly account: Account | undefined
  readonly network: string
  readonly host: string
  readonly actor: Actor
  readonly admission: Admission
  readonly #headers: IncomingHttpHeaders
  readonly #defaultLocale: Locale

  constructor({ account, ip, host, headers, actor, admission = UNLIMITED }: FastifyRequest, locale: Locale) {
    this.account = account
    this.network = clientNetwork(ip, { ipv6: 64 })
    this.host = host
    this.actor = actor
    this.admission = admission
    this.#headers = headers
    this.#defaultLocale = locale
  }

  get locale(): Locale {
    return localeOf(this.#headers, this.#defaultLocale)
  }
}

/** The actor of a request, with the account that it has now. The rest is worked out only if an event is logged. */
class RequestActor implements Actor {
  readonly #request: FastifyRequest
  readonly #ring: KeyRing
  readonly #account: Account | undefined

  constructor(request: FastifyRequest, ring: KeyRing) {
    this.#request = request
    this.#ring = ring
    this.#account = request.account
  }

  get requestId(): string {
    return this.#request.id
  }

  get way(): Way {
    const way = wayOf(this.#request.url)
    // The path may be percent-encoded. Fastify builds the options anew each time.
    return way === 'page' ? wayOf(this.#request.routeOptions.url ?? '') : way
  }

  get account(): string | undefined {
    return this.#account && pseudonymOf(this.#ring, this.#account.email)
  }
}

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

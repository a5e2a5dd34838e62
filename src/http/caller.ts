import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Account } from '../accounts/authenticate.ts'
import { DomainError } from '../errors.ts'
import type { Claimant } from '../secrets/claim.ts'
import type { Caller } from '../sharing/caller.ts'
import { clientNetwork } from './client-network.ts'
import { localeOf } from './request-locale.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The account that makes the request; undefined for an anonymous caller. */
    account: Account | undefined
    /** The caller, as the use cases see it. */
    readonly caller: Caller
    /** The client network of a claim, and whether its client is still connected. */
    readonly claimant: Pick<Claimant, 'network' | 'connected'>
  }
}

/** Decorates requests with their caller. The account is undefined until authentication or a session sets it. */
export const caller = fp(
  async (app: FastifyInstance) => {
    app.decorateRequest('account', undefined)
    app.decorateRequest('caller', {
      getter(this: FastifyRequest): Caller {
        const { account, ip, host, headers } = this
        return {
          account,
          network: clientNetwork(ip, { ipv6: 64 }),
          host,
          get locale() {
            return localeOf(headers)
          },
        }
      },
    })
    app.decorateRequest('claimant', {
      getter(this: FastifyRequest) {
        const { ip, socket } = this
        // An attacker may hold a whole site, and must not be able to lock the recipient out with it.
        return { network: clientNetwork(ip, { ipv6: 48 }), connected: () => !socket.destroyed }
      },
    })
  },
  { name: 'request-caller' },
)

/**
 * Returns the account of a request, for routes that require one.
 *
 * @throws DomainError `not_authorized` for an anonymous caller.
 */
export function requireAccount({ account }: FastifyRequest): Account {
  if (account === undefined) throw new DomainError('not_authorized')
  return account
}

import basicAuth from '@fastify/basic-auth'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { type Account, authenticate } from '../accounts/authenticate.ts'
import type { AccountsContext } from '../accounts/context.ts'
import { parseToken } from '../accounts/tokens.ts'
import { DomainError } from '../errors.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; undefined for an anonymous caller. */
    account: Account | undefined
  }
}

/**
 * HTTP Basic with a fallback to anonymous: no header, or an empty user with an empty token. All else must be an
 * account. Source: v1-api section 2.
 */
export const auth = fp(
  async (app: FastifyInstance, { accounts }: { accounts: AccountsContext }) => {
    app.decorateRequest('account', undefined)
    await app.register(basicAuth, {
      async validate(user, token, request) {
        if (user === '' && token === '') return
        const proof = parseToken(token)
        const account = user !== '' && proof ? await authenticate(accounts, user, proof) : undefined
        if (account === undefined) throw new DomainError('not_authorized')
        request.account = account
      },
    })
    app.addHook('onRequest', (request, reply, done) => {
      if (request.headers.authorization === undefined) done()
      else app.basicAuth(request, reply, done)
    })
  },
  { name: 'auth' },
)

/**
 * @returns The account that asks.
 * @throws DomainError `not_authorized` for an anonymous caller.
 */
export function requireAccount(request: { account: Account | undefined }): Account {
  if (request.account === undefined) throw new DomainError('not_authorized')
  return request.account
}

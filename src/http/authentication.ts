import basicAuth from '@fastify/basic-auth'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { authenticate } from '../accounts/authenticate.ts'
import type { AccountsContext } from '../accounts/context.ts'
import { parseToken } from '../accounts/tokens.ts'
import { DomainError } from '../errors.ts'

/**
 * Authenticates callers by HTTP Basic. Without the header, or with an empty user and an empty token, the caller is
 * anonymous; any other credentials must be valid. Source: docs/api/v1.md section 2.
 */
export const authentication = fp(
  async (app: FastifyInstance, { accounts }: { accounts: AccountsContext }) => {
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
  { name: 'authentication', dependencies: ['request-caller'] },
)

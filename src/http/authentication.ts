import basicAuth from '@fastify/basic-auth'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { DomainError } from '../errors.ts'

/**
 * Authenticates callers by HTTP Basic. Without the header, or with an empty user and an empty token, the caller is
 * anonymous; any other credentials must be valid, and a malformed header counts as wrong ones. Source: docs/api/v1.md
 * section 2.
 */
export const authentication = fp(
  async (app: FastifyInstance) => {
    await app.register(basicAuth, {
      async validate(user, token, request) {
        if (user === '' && token === '') return
        request.account = await request.checkCredentials(user, token)
        if (request.account === undefined) throw new DomainError('not_authorized')
      },
    })
    app.addHook('onRequest', (request, reply, done) => {
      if (request.headers.authorization === undefined) return done()
      app.basicAuth(request, reply, (error) => {
        if (error === undefined || error instanceof DomainError) return done(error)
        request.checkCredentials('', '').then(() => done(error), done)
      })
    })
  },
  { name: 'authentication', dependencies: ['credentials'] },
)

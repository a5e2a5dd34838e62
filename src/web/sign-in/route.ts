import type { FastifyInstance } from 'fastify'
import { statusOf } from '../../http/errors.ts'
import type { WebContext } from '../context.ts'
import { endSession, startSession } from '../session.ts'
import { signInPage } from './view.ts'

/** Registers `/signin` and `/signout`. */
export function signInRoutes(app: FastifyInstance, web: WebContext): void {
  const { base } = web

  app.route({
    method: ['GET', 'HEAD'],
    url: '/signin',
    config: { rateLimit: 'none' },
    handler: async ({ account, view }, reply) =>
      account === undefined ? reply.page(signInPage(view)) : reply.redirect(`${base}/`, 303),
  })

  app.route({
    method: 'POST',
    url: '/signin',
    config: { rateLimit: 'sign-in' },
    handler: async (request, reply) => {
      const params = await request.parameters()
      const email = params.text('email') ?? ''
      const account = await request.checkCredentials(email, params.text('token') ?? '')
      if (account === undefined) {
        const { view } = request
        const page = signInPage(view, { email, error: view.say('signin.failed') })
        return reply.code(statusOf('not_authorized')).page(page)
      }
      startSession(web, reply, account)
      return reply.redirect(`${base}/`, 303)
    },
  })

  app.route({
    method: 'POST',
    url: '/signout',
    config: { rateLimit: 'none' },
    handler: async (_request, reply) => {
      endSession(web, reply)
      return reply.redirect(`${base}/`, 303)
    },
  })

  // The error page of a rejected sign-out links back here.
  app.route({
    method: ['GET', 'HEAD'],
    url: '/signout',
    config: { rateLimit: 'none' },
    handler: async (_request, reply) => reply.redirect(`${base}/`, 303),
  })
}

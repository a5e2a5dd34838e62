import type { FastifyInstance } from 'fastify'
import { authenticate } from '../../accounts/authenticate.ts'
import { recentKeys } from '../../accounts/recent.ts'
import { parseToken } from '../../accounts/tokens.ts'
import { requireAccount } from '../../http/caller.ts'
import { statusOf } from '../../http/errors.ts'
import { listReceipts } from '../../secrets/receipt.ts'
import { viewFor, type WebContext } from '../context.ts'
import { sendPage } from '../layout/send.ts'
import { startSession } from '../session.ts'
import { recentPage, signInPage } from './view.ts'

/** `/signin`, `/signout`, and `/recent` for those who have signed in. */
export function accountRoutes(app: FastifyInstance, web: WebContext): void {
  const { accounts, secrets, base, cookies } = web

  app.route({
    method: ['GET', 'HEAD'],
    url: '/signin',
    config: { rateLimit: 'none' },
    handler: async (request, reply) => {
      if (request.account !== undefined) return reply.redirect(`${base}/`, 303)
      const view = viewFor(web, request, reply)
      return sendPage(reply, view, signInPage(view, ''))
    },
  })

  app.route({
    method: 'POST',
    url: '/signin',
    config: { rateLimit: 'sign-in' },
    handler: async (request, reply) => {
      const params = await request.parameters()
      const email = params.text('email') ?? ''
      const token = parseToken(params.text('token') ?? '')
      const account = token && (await authenticate(accounts, email, token))
      if (account === undefined) {
        const view = viewFor(web, request, reply)
        const page = signInPage(view, email, view.say('signin.failed'))
        return sendPage(reply, view, page, statusOf('not_authorized'))
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
      cookies.clear(reply, 'session')
      return reply.redirect(`${base}/`, 303)
    },
  })

  // Where the page of a refused sign-out leads back.
  app.route({
    method: ['GET', 'HEAD'],
    url: '/signout',
    config: { rateLimit: 'none' },
    handler: async (_request, reply) => reply.redirect(`${base}/`, 303),
  })

  app.route({
    method: ['GET', 'HEAD'],
    url: '/recent',
    config: { rateLimit: 'none' },
    handler: async (request, reply) => {
      const list = await listReceipts(secrets, await recentKeys(accounts, requireAccount(request)))
      const view = viewFor(web, request, reply)
      return sendPage(reply, view, recentPage(view, list))
    },
  })
}

import type { FastifyInstance } from 'fastify'
import { isConfigured } from '../../accounts/replace-token.ts'
import { endSessions } from '../../accounts/sessions.ts'
import { requireAccount } from '../../http/caller.ts'
import type { WebContext } from '../context.ts'
import { leadBack } from '../lead-back.ts'
import { startSession } from '../session.ts'
import { passNotice, takeNotice } from './notice.ts'
import { tokenRoutes } from './token-route.ts'
import { accountPage } from './view.ts'

/** Registers `/account`, which requires an account, and the forms on it: they replace the API token and end other sessions. */
export function accountRoutes(app: FastifyInstance, web: WebContext): void {
  const { accounts, base } = web
  tokenRoutes(app, web)

  app.route({
    method: ['GET', 'HEAD'],
    url: '/account',
    config: { rateLimit: 'none' },
    handler: async (request, reply) => {
      const account = requireAccount(request)
      const notice = request.method === 'GET' ? takeNotice(web, account, request, reply) : undefined
      return reply.page(
        accountPage(request.view, { account, configured: isConfigured(accounts, account), notice }),
      )
    },
  })

  app.route({
    method: 'POST',
    url: '/account/sessions',
    config: { rateLimit: 'sign-in' },
    handler: async (request, reply) => {
      const account = requireAccount(request)
      startSession(web, reply, account, await endSessions(accounts, account, request.actor))
      passNotice(web, account, reply, 'sessions_ended')
      return reply.redirect(`${base}/account`, 303)
    },
  })

  leadBack(app, ['/account/token', '/account/token/activate', '/account/sessions'], `${base}/account`)
}

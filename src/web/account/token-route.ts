import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Account, authenticate } from '../../accounts/authenticate.ts'
import { activateToken, drawToken, isConfigured } from '../../accounts/replace-token.ts'
import { sessionEpoch } from '../../accounts/sessions.ts'
import { requireAccount } from '../../http/caller.ts'
import { statusOf } from '../../http/errors.ts'
import type { WebContext } from '../context.ts'
import { CONFLICT } from '../error/status.ts'
import { startSession } from '../session.ts'
import { signInPage } from '../sign-in/view.ts'
import { drawnTokenField, readDrawnToken } from './drawn-token.ts'
import { passNotice } from './notice.ts'
import { drawnTokenPage } from './token-view.ts'
import { accountPage } from './view.ts'

/**
 * Registers the two steps that replace the API token. The first shows a new one and stores nothing; the second activates it.
 * So a form that is sent twice, or an answer that is lost, locks nobody out: the owner has seen the token before it counts.
 */
export function tokenRoutes(app: FastifyInstance, web: WebContext): void {
  const { accounts, base } = web

  app.route({
    method: 'POST',
    url: '/account/token',
    config: { rateLimit: 'sign-in' },
    handler: async (request, reply) => {
      const account = requireAccount(request)
      if (isConfigured(accounts, account)) return rejectConfigured(request, reply, account)
      const drawn = drawToken(account)
      return reply.page(drawnTokenPage(request.view, drawn, drawnTokenField(web, drawn)))
    },
  })

  app.route({
    method: 'POST',
    url: '/account/token/activate',
    config: { rateLimit: 'sign-in' },
    handler: async (request, reply) => {
      const drawn = readDrawnToken(web, await request.parameters())
      const { view } = request
      // The token was activated, but this browser still had the session of the old one.
      if (!request.account && drawn && (await authenticate(accounts, drawn.email, drawn.token))) {
        const page = signInPage(view, { notice: view.say('account.token_active'), returnPath: '/account' })
        return reply.code(statusOf('not_authorized')).page(page)
      }
      const account = requireAccount(request)
      if (isConfigured(accounts, account)) return rejectConfigured(request, reply, account)
      // First, because nothing may fail between the activation and the new session.
      const epoch = await sessionEpoch(accounts, account)
      const replaced = drawn && (await activateToken(accounts, account, drawn, request.actor))
      if (replaced === undefined) {
        const error = view.say('account.not_activated')
        return reply.code(CONFLICT).page(accountPage(view, { account, configured: false, error }))
      }
      startSession(web, reply, replaced, epoch)
      passNotice(web, replaced, reply, 'token_active')
      return reply.redirect(`${base}/account`, 303)
    },
  })
}

function rejectConfigured(request: FastifyRequest, reply: FastifyReply, account: Account): FastifyReply {
  return reply.code(CONFLICT).page(accountPage(request.view, { account, configured: true }))
}

import cookie from '@fastify/cookie'
import type { FastifyPluginAsync } from 'fastify'
import { bodies } from '../http/bodies.ts'
import { csrf } from '../http/csrf.ts'
import { parameters } from '../http/request-parameters.ts'
import { securityHeaders } from '../http/security-headers.ts'
import { accountRoutes } from './account/route.ts'
import { apiReferenceRoute } from './api-reference/route.ts'
import { assetRoutes } from './assets/route.ts'
import { compression } from './compression.ts'
import type { WebContext } from './context.ts'
import { answerPageError, answerPageNotFound } from './error/handler.ts'
import { leadToCleanLink } from './incomplete-link/clean-link.ts'
import { keepLocale } from './language.ts'
import { receiptRoutes } from './receipt/route.ts'
import { recentRoutes } from './recent/route.ts'
import { recipientRoutes } from './recipient/route.ts'
import { replyPage } from './reply-page.ts'
import { requestView } from './request-view.ts'
import { draftRoutes } from './sender/draft-route.ts'
import { senderRoutes } from './sender/route.ts'
import { sentRoute } from './sent/route.ts'
import { session } from './session.ts'
import { signInRoutes } from './sign-in/route.ts'

/** Registers the pages and their assets. */
export const webRoutes: FastifyPluginAsync<{ web: WebContext }> = async (app, { web }) => {
  assetRoutes(app, web)
  await app.register(pages, { web })
}

// Separate from the assets, which need neither cookies nor a session.
const pages: FastifyPluginAsync<{ web: WebContext }> = async (app, { web }) => {
  const headers = securityHeaders(web.policy.publicUrl)
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers)
  })
  app.setErrorHandler(answerPageError(web))
  app.setNotFoundHandler(answerPageNotFound)
  await app.register(cookie)
  await app.register(bodies, { policy: web.policy, otherTypes: 'urlencoded' })
  await app.register(parameters)
  await app.register(csrf, { ring: web.secrets.ring, cookies: web.cookies, policy: web.policy })
  app.addHook('onRequest', async (request, reply) => keepLocale(web.base, request, reply))
  await app.register(session, { web })
  await app.register(requestView, { web })
  await app.register(replyPage)
  await app.register(compression)
  app.addHook('preHandler', leadToCleanLink(web))
  senderRoutes(app, web)
  sentRoute(app, web)
  draftRoutes(app, web)
  recipientRoutes(app, web)
  receiptRoutes(app, web)
  signInRoutes(app, web)
  recentRoutes(app, web)
  accountRoutes(app, web)
  apiReferenceRoute(app, web)
}

import cookie from '@fastify/cookie'
import type { FastifyPluginAsync } from 'fastify'
import { bodies } from '../http/bodies.ts'
import { csrf } from '../http/csrf.ts'
import { securityHeaders } from '../http/headers.ts'
import { parameters } from '../http/parameters.ts'
import { apiRoute } from './api/route.ts'
import { assetRoutes } from './assets/assets.ts'
import type { WebContext } from './context.ts'
import { answerPageError, answerPageNotFound } from './error/handler.ts'
import { keepLocale } from './language.ts'
import { receiptRoutes } from './receipt/route.ts'
import { recipientRoutes } from './recipient/route.ts'
import { senderRoutes } from './sender/route.ts'
import { resumeSession } from './session.ts'
import { accountRoutes } from './sign-in/route.ts'

/** The pages for people, and what they load. */
export const webRoutes: FastifyPluginAsync<{ web: WebContext }> = async (app, { web }) => {
  const headers = securityHeaders(web.policy.publicUrl)
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers)
  })
  assetRoutes(app, web.assets)
  await app.register(pages, { web })
}

// Apart from the assets, which concern nobody in particular.
const pages: FastifyPluginAsync<{ web: WebContext }> = async (app, { web }) => {
  app.setErrorHandler(answerPageError(web))
  app.setNotFoundHandler(answerPageNotFound(web))
  await app.register(cookie)
  await app.register(bodies, { secretMaxBytes: web.policy.secretMaxBytes })
  await app.register(parameters)
  await app.register(csrf, { ring: web.secrets.ring, cookies: web.cookies, policy: web.policy })
  app.addHook('onRequest', async (request, reply) => {
    keepLocale(web.base, request, reply)
    request.account = await resumeSession(web, request, reply)
  })
  senderRoutes(app, web)
  recipientRoutes(app, web)
  receiptRoutes(app, web)
  accountRoutes(app, web)
  apiRoute(app, web)
}

import type { FastifyInstance } from 'fastify'
import { statusOf } from '../../http/errors.ts'
import type { WebContext } from '../context.ts'
import { formFailure } from '../error/form-failure.ts'
import { viewFor } from '../request-view.ts'
import { draftOf } from '../sender/draft.ts'
import { submittedForm } from '../sender/filled-form.ts'
import { senderPage } from '../sender/view.ts'
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
      const draft = draftOf(params)
      const account = await request.checkCredentials(email, params.text('token') ?? '')
      if (account === undefined) {
        const { view } = request
        const page = signInPage(view, { email, error: view.say('signin.failed'), draft })
        return reply.code(statusOf('not_authorized')).page(page)
      }
      startSession(web, reply, account)
      if (draft !== undefined) {
        request.account = account
        request.view = viewFor(web, request, reply)
        return reply.page(senderPage(request.view, submittedForm(web, request, params)))
      }
      return reply.redirect(`${base}/`, 303)
    },
    errorHandler: (thrown, request, reply) => {
      const draft = request.form && draftOf(request.form)
      if (draft === undefined) throw thrown
      const { text } = formFailure({ request, reply, thrown })
      reply.page(signInPage(request.view, { email: request.form?.text('email') ?? '', error: text, draft }))
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

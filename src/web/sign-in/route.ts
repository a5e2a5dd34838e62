import type { FastifyInstance } from 'fastify'
import { sessionEpoch } from '../../accounts/sessions.ts'
import { statusOf } from '../../http/errors.ts'
import type { WebContext } from '../context.ts'
import { formFailure } from '../error/form-failure.ts'
import { leadBack } from '../lead-back.ts'
import { queryString } from '../query-string.ts'
import { viewFor } from '../request-view.ts'
import { draftOf } from '../sender/draft.ts'
import { submittedForm } from '../sender/filled-form.ts'
import { senderPage } from '../sender/view.ts'
import { endSession, startSession } from '../session.ts'
import { parseReturnPath, RETURN_FIELD } from './return-path.ts'
import { signInPage } from './view.ts'

/** Registers `/signin` and `/signout`. */
export function signInRoutes(app: FastifyInstance, web: WebContext): void {
  const { base, accounts } = web

  app.route({
    method: ['GET', 'HEAD'],
    url: '/signin',
    config: { rateLimit: 'none' },
    handler: async (request, reply) => {
      const { account, view } = request
      const returnPath = parseReturnPath(queryString(request).get(RETURN_FIELD) ?? undefined)
      if (account !== undefined) return reply.redirect(base + returnPath, 303)
      return reply.page(signInPage(view, { returnPath }))
    },
  })

  app.route({
    method: 'POST',
    url: '/signin',
    config: { rateLimit: 'sign-in', showsFormAgain: true },
    handler: async (request, reply) => {
      const params = await request.parameters()
      const email = params.text('email') ?? ''
      const returnPath = parseReturnPath(params.text(RETURN_FIELD))
      const draft = draftOf(params)
      const account = await request.checkCredentials(email, params.text('token') ?? '')
      if (account === undefined) {
        const { view } = request
        const page = signInPage(view, { email, error: view.say('signin.failed'), returnPath, draft })
        return reply.code(statusOf('not_authorized')).page(page)
      }
      startSession(web, reply, account, await sessionEpoch(accounts, account))
      if (draft !== undefined) {
        request.account = account
        request.view = viewFor(web, request, reply)
        return reply.page(senderPage(request.view, submittedForm(web, request, params)))
      }
      return reply.redirect(base + returnPath, 303)
    },
    errorHandler: (thrown, request, reply) => {
      const { form, view } = request
      if (form === undefined) throw thrown
      const { text } = formFailure({ request, reply, thrown })
      const returnPath = parseReturnPath(form.text(RETURN_FIELD))
      const email = form.text('email') ?? ''
      reply.page(signInPage(view, { email, error: text, returnPath, draft: draftOf(form) }))
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

  leadBack(app, ['/signout'], `${base}/`)
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { statusOf } from '../../http/errors.ts'
import type { Params } from '../../http/params.ts'
import type { WebContext } from '../context.ts'
import { DRAFT_PATH } from '../layout/draft.ts'
import { leadBack } from '../lead-back.ts'
import { signInPage } from '../sign-in/view.ts'
import { draftOf } from './draft.ts'
import { anonymousForm, emptyForm, submittedForm } from './filled-form.ts'
import { isUntouched } from './form-values.ts'
import { hasCharacters, insertPassword } from './password-choices.ts'
import { showAgain } from './show-again.ts'
import { senderPage } from './view.ts'

/**
 * Registers `/draft`, which receives the form from the buttons that create no secret: it shows the form again in another
 * language, with a generated password or without an account, or the sign-in page, always with all that was typed.
 */
export function draftRoutes(app: FastifyInstance, web: WebContext): void {
  const { base, policy } = web

  app.route({
    method: 'POST',
    url: DRAFT_PATH,
    config: { rateLimit: 'none', forms: ['/', '/signin'], showsFormAgain: true },
    handler: async (request, reply) => {
      const params = await request.parameters()
      const { account, view } = request
      const step = params.text('step')
      if (step === 'password') return showWithPassword(request, reply, params)
      if (step === 'anonymous' && account === undefined && policy.anonymousCreate) {
        return reply.page(senderPage(view, anonymousForm(web, request, params)))
      }
      const signsIn = step === 'sign-in' && account === undefined
      const filled = submittedForm(web, request, params)
      if (isUntouched(filled.values, emptyForm(web, request).values)) {
        return reply.redirect(signsIn ? `${base}/signin` : `${base}/`, 303)
      }
      return reply.page(signsIn ? signInPage(view, { draft: draftOf(params) }) : senderPage(view, filled))
    },
    errorHandler: showAgain(web),
  })

  leadBack(app, [DRAFT_PATH], `${base}/`)

  function showWithPassword(request: FastifyRequest, reply: FastifyReply, params: Params): FastifyReply {
    const { view } = request
    const filled = { ...submittedForm(web, request, params), step: 'password' } as const
    const { values } = filled
    if (!hasCharacters(values.password)) {
      const error = { field: 'password_characters', text: view.say('create.password_none') } as const
      return reply.code(statusOf('malformed_parameter')).page(senderPage(view, { ...filled, error }))
    }
    const secret = insertPassword(values.secret, values.password)
    return reply.page(senderPage(view, { ...filled, values: { ...values, secret } }))
  }
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import { statusOf } from '../../http/errors.ts'
import type { Params } from '../../http/params.ts'
import type { WebContext } from '../context.ts'
import { formFailure } from '../error/form-failure.ts'
import { CONFLICT, FORBIDDEN } from '../error/status.ts'
import { senderError } from './error.ts'
import { submittedForm } from './filled-form.ts'
import { senderPage } from './view.ts'

/** Shows a form again because the account of its sender has changed, and says so. Nothing has been created. */
export function showChanged(
  web: WebContext,
  request: FastifyRequest,
  reply: FastifyReply,
  params: Params,
): FastifyReply {
  const { view, account } = request
  const filled = submittedForm(web, request, params)
  if (filled.notice === undefined) {
    const error = { text: view.say('error.invalid_csrf_token') }
    return reply.code(FORBIDDEN).page(senderPage(view, { ...filled, error }))
  }
  const status = account === undefined ? statusOf('not_authorized') : CONFLICT
  return reply.code(status).page(senderPage(view, filled))
}

/** Creates the error handler of the routes that receive the form: it shows the form again with its error. */
export function showAgain(
  web: WebContext,
): (error: Error, request: FastifyRequest, reply: FastifyReply) => void {
  return (thrown, request, reply) => {
    if (request.form === undefined) throw thrown
    const error = senderError(formFailure({ request, reply, thrown }))
    reply.page(senderPage(request.view, { ...submittedForm(web, request, request.form), error }))
  }
}

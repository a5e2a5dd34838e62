import type { FastifyReply, FastifyRequest } from 'fastify'
import { DomainError, type ErrorCode } from '../../errors.ts'
import { InvalidCsrfToken } from '../../http/csrf.ts'
import { reportError, reportInternalError } from '../../http/errors.ts'
import { FORBIDDEN, INTERNAL_ERROR } from './status.ts'
import { csrfErrorText, errorText } from './text.ts'

/** Why a form is shown again. */
export interface FormFailure {
  /** Undefined for an invalid CSRF token, and for an error that nobody expected. */
  readonly code?: ErrorCode
  readonly text: string
}

/**
 * Sets the status of a reply that shows a form again, also after an error that nobody expected, which is logged.
 *
 * @returns What the form says.
 */
export function formFailure({
  request,
  reply,
  thrown,
}: {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly thrown: Error
}): FormFailure {
  const { view } = request
  if (thrown instanceof InvalidCsrfToken) {
    reply.code(FORBIDDEN)
    return { text: csrfErrorText(view, thrown) }
  }
  if (!(thrown instanceof DomainError)) {
    reportInternalError(request, thrown)
    reply.code(INTERNAL_ERROR)
    return { text: view.say('error.unexpected', { id: request.id }) }
  }
  reply.code(reportError(request, reply, thrown))
  return { code: thrown.code, text: errorText(view, thrown) }
}

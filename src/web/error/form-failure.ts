import type { FastifyReply, FastifyRequest } from 'fastify'
import { DomainError, type ErrorCode } from '../../errors.ts'
import { InvalidCsrfToken } from '../../http/csrf.ts'
import { reportError } from '../../http/errors.ts'
import { FORBIDDEN } from './status.ts'
import { csrfErrorText, errorText } from './text.ts'

/** Why a form is shown again. */
export interface FormFailure {
  /** Undefined for an invalid CSRF token. */
  readonly code?: ErrorCode
  readonly text: string
}

/**
 * Sets the status of a reply that shows a form again.
 *
 * @returns What the form says.
 * @throws What was thrown, if it is not expected.
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
  if (!(thrown instanceof DomainError)) throw thrown
  reply.code(reportError(request, reply, thrown))
  return { code: thrown.code, text: errorText(view, thrown) }
}

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { DomainError } from '../../errors.ts'
import { actionOf, InvalidCsrfToken } from '../../http/csrf.ts'
import { reportError, reportInternalError, toDomainError } from '../../http/errors.ts'
import { securityHeaders } from '../../http/headers.ts'
import { type View, viewFor, type WebContext } from '../context.ts'
import type { Page } from '../layout/layout.ts'
import { sendPage } from '../layout/send.ts'
import { gonePage } from '../recipient/view.ts'
import { signInPage } from '../sign-in/view.ts'
import { errorPage, errorText } from './view.ts'

/** The status of a form with an invalid CSRF token. */
export const FORBIDDEN = 403

const NOT_FOUND = 404
const INTERNAL_ERROR = 500

/** Answers any failure of a page with a page. Each form's action shows the form's page, or leads there, by GET. */
export function answerPageError(
  web: WebContext,
): (
  error: FastifyError | DomainError | InvalidCsrfToken,
  request: FastifyRequest,
  reply: FastifyReply,
) => void {
  return (error, request, reply) => {
    // A request that the framework could not read has met no hook.
    reply.headers(securityHeaders(web.policy.publicUrl))
    const view = viewFor(web, request, reply)
    if (error instanceof InvalidCsrfToken) {
      const page = errorPage(view, 'error.title', view.say('error.stale'), actionOf(request))
      return void sendPage(reply, view, page, FORBIDDEN)
    }
    const known = toDomainError(error, web.policy.secretMaxBytes)
    if (known !== undefined) {
      return void sendPage(reply, view, failurePage(view, request, known), reportError(request, reply, known))
    }
    reportInternalError(request, error)
    const text = view.say('error.unexpected', { id: request.id })
    void sendPage(reply, view, errorPage(view, 'error.title', text), INTERNAL_ERROR)
  }
}

/** Answers a request for a page that does not exist. */
export function answerPageNotFound(web: WebContext): (request: FastifyRequest, reply: FastifyReply) => void {
  return (request, reply) => {
    const view = viewFor(web, request, reply)
    const page = errorPage(view, 'error.not_found', view.say('error.not_found_hint'))
    void sendPage(reply, view, page, NOT_FOUND)
  }
}

function failurePage(view: View, request: FastifyRequest, error: DomainError): Page {
  const text = errorText(view, error)
  switch (error.code) {
    case 'unknown_secret':
      return gonePage(view, actionOf(request))
    case 'not_authorized':
      return signInPage(view, '', text)
    default:
      return errorPage(view, 'error.title', text, request.method === 'POST' ? actionOf(request) : undefined)
  }
}

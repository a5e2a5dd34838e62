import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { DomainError } from '../../errors.ts'
import { actionOf, InvalidCsrfToken } from '../../http/csrf.ts'
import { reportError, reportInternalError, toDomainError } from '../../http/errors.ts'
import { securityHeaders } from '../../http/security-headers.ts'
import type { WebContext } from '../context.ts'
import { gonePage } from '../gone/view.ts'
import type { Page } from '../layout/page.ts'
import { sendPage } from '../reply-page.ts'
import { type View, viewFor } from '../request-view.ts'
import { signInPage } from '../sign-in/view.ts'
import { errorText } from './text.ts'
import { errorPage } from './view.ts'

/** The status of a form with an invalid CSRF token. */
export const FORBIDDEN = 403

const NOT_FOUND = 404
const INTERNAL_ERROR = 500

/** What a page may throw. */
type PageError = FastifyError | DomainError | InvalidCsrfToken

/**
 * Creates the handler that answers each error of a page with a page. A request that the framework could not parse has met
 * no hook and has no decorators, so it gets its headers and its view here.
 */
export function answerPageError(
  web: WebContext,
): (error: PageError, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, request, reply) => {
    reply.headers(securityHeaders(web.policy.publicUrl))
    const view = viewFor(web, request, reply)
    if (error instanceof InvalidCsrfToken) {
      const page = errorPage(view, {
        title: 'error.title',
        text: view.say('error.invalid_csrf_token'),
        back: actionOf(request),
      })
      return void sendPage(reply.code(FORBIDDEN), view, page)
    }
    const known = toDomainError(error, web.policy.secretMaxBytes)
    if (known !== undefined) {
      const page = pageOf(view, request, known)
      return void sendPage(reply.code(reportError(request, reply, known)), view, page)
    }
    reportInternalError(request, error)
    const text = view.say('error.unexpected', { id: request.id })
    void sendPage(reply.code(INTERNAL_ERROR), view, errorPage(view, { title: 'error.title', text }))
  }
}

/** Answers a request for a page that does not exist. */
export function answerPageNotFound({ view }: FastifyRequest, reply: FastifyReply): void {
  const text = view.say('error.not_found_hint')
  reply.code(NOT_FOUND).page(errorPage(view, { title: 'error.not_found', text }))
}

// The action of a form shows the form's page, or leads there, by GET.
function pageOf(view: View, request: FastifyRequest, error: DomainError): Page {
  const text = errorText(view, error)
  switch (error.code) {
    case 'unknown_secret':
      return gonePage(view, actionOf(request))
    case 'not_authorized':
      return signInPage(view, { error: text })
    default:
      return errorPage(view, {
        title: 'error.title',
        text,
        back: request.method === 'POST' ? actionOf(request) : undefined,
      })
  }
}

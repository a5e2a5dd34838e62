import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { DomainError } from '../../errors.ts'
import { actionOf, InvalidCsrfToken } from '../../http/csrf.ts'
import { reportError, reportInternalError, toDomainError } from '../../http/errors.ts'
import { securityHeaders } from '../../http/security-headers.ts'
import type { WebContext } from '../context.ts'
import { goneReceiptPage } from '../gone/receipt-view.ts'
import { gonePage } from '../gone/view.ts'
import type { Page } from '../layout/page.ts'
import { sendPage } from '../reply-page.ts'
import { type View, viewFor } from '../request-view.ts'
import { parseReturnPath } from '../sign-in/return-path.ts'
import { signInPage } from '../sign-in/view.ts'
import { FORBIDDEN, INTERNAL_ERROR } from './status.ts'
import { csrfErrorText, errorText } from './text.ts'
import { errorPage } from './view.ts'

const NOT_FOUND = 404

/** An error that a page route can throw. */
type PageError = FastifyError | DomainError | InvalidCsrfToken

/**
 * Creates the error handler of the pages, which responds with a page. A request that Fastify could not parse has passed no
 * hooks and has no decorators, so its headers and view are set here.
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
        text: csrfErrorText(view, error),
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

/** Responds to a request for a page that does not exist. */
export function answerPageNotFound({ view }: FastifyRequest, reply: FastifyReply): void {
  const text = view.say('error.not_found_hint')
  reply.code(NOT_FOUND).page(errorPage(view, { title: 'error.not_found', text }))
}

// A form that an anonymous reader sent has to be filled in again after the sign-in.
function returnPathOf(request: FastifyRequest): string {
  return parseReturnPath(request.method === 'POST' ? actionOf(request) : request.url)
}

// GET on a form's action shows the page with the form, or redirects to it.
function pageOf(view: View, request: FastifyRequest, error: DomainError): Page {
  const text = errorText(view, error)
  switch (error.code) {
    case 'unknown_secret':
      return isAboutReceipt(request)
        ? goneReceiptPage(view, actionOf(request))
        : gonePage(view, actionOf(request))
    case 'not_authorized':
    case 'anonymous_creation_off':
      return signInPage(view, { error: text, returnPath: returnPathOf(request) })
    default:
      return errorPage(view, {
        title: 'error.title',
        text,
        back: backPathOf(request, error),
      })
  }
}

// Without the store, the page that was asked for is there again later.
function backPathOf(request: FastifyRequest, { code }: DomainError): string | undefined {
  if (request.method === 'POST') return actionOf(request)
  return code === 'store_unavailable' ? returnPathOf(request) : undefined
}

function isAboutReceipt({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url?.startsWith('/private/') ?? false
}

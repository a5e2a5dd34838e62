import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { DomainError } from '../../errors.ts'
import { RefusedForm } from '../../http/csrf.ts'
import { retryAfterOf, statusOf, toDomainError } from '../../http/errors.ts'
import { securityHeaders } from '../../http/headers.ts'
import { type View, viewFor, type WebContext } from '../context.ts'
import type { Page } from '../layout/layout.ts'
import { sendPage } from '../layout/send.ts'
import { gonePage } from '../recipient/view.ts'
import { signInPage } from '../sign-in/view.ts'
import { errorPage, errorText } from './view.ts'

/** Of a form that did not come from our pages. */
export const REFUSED = 403

const NOT_FOUND = 404
const DEFECT = 500

/** Answers any failure of a page with a page. */
export function answerPageError(
  web: WebContext,
): (error: FastifyError | DomainError | RefusedForm, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, request, reply) => {
    // A request that the framework could not read has met no hook.
    reply.headers(securityHeaders(web.policy.publicUrl))
    const view = viewFor(web, request, reply)
    if (error instanceof RefusedForm) {
      const page = errorPage(view, 'error.title', view.say('error.stale'), pathOf(request))
      return void sendPage(reply, view, page, REFUSED)
    }
    const known = toDomainError(error, web.policy.secretMaxBytes)
    if (known !== undefined) {
      return void sendPage(reply, view, failurePage(view, request, known), noteFailure(request, reply, known))
    }
    request.log.error({ reqId: request.id, err: error }, 'defect')
    void sendPage(reply, view, errorPage(view, 'error.title', view.say('error.unexpected')), DEFECT)
  }
}

/**
 * Writes a failure down if it is on our side, and says when to come back if that helps.
 * @returns The status that it means.
 */
export function noteFailure(request: FastifyRequest, reply: FastifyReply, error: DomainError): number {
  const status = statusOf(error.code)
  if (status >= DEFECT) request.log.error({ reqId: request.id, err: error }, 'failed')
  const retryAfter = retryAfterOf(error)
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
  return status
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
      return gonePage(view, pathOf(request))
    case 'not_authorized':
      return signInPage(view, '', text)
    default:
      return errorPage(view, 'error.title', text, request.method === 'POST' ? pathOf(request) : undefined)
  }
}

// Each form is sent to a path that shows its page, or leads there, by GET. A path that could not be read has no params.
function pathOf({ routeOptions, params }: FastifyRequest): string {
  const { key = '' } = (params ?? {}) as { key?: string }
  return (routeOptions.url ?? '/').replace(':key', encodeURIComponent(key))
}

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { DomainError } from '../../errors.ts'
import { retryAfterOf, statusOf, toDomainError } from '../errors.ts'
import { securityHeaders } from '../headers.ts'
import { RefusedForm } from './forms.ts'
import { signInPage } from './pages/account.ts'
import { errorPage, errorText } from './pages/error.ts'
import { gonePage } from './pages/recipient.ts'
import { sendPage } from './send.ts'
import { viewFor, type WebContext } from './web.ts'

const REFUSED = 403
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
    const status = known === undefined ? DEFECT : statusOf(known.code)
    if (status >= DEFECT) request.log.error({ err: known ?? error }, known ? 'failed' : 'defect')
    if (known === undefined) {
      return void sendPage(reply, view, errorPage(view, 'error.title', view.say('error.unexpected')), status)
    }
    const retryAfter = retryAfterOf(status, known.detail.retryAfter)
    if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
    if (known.code === 'unknown_secret') return void sendPage(reply, view, gonePage(view), status)
    const text = errorText(view, known)
    if (known.code === 'not_authorized') return void sendPage(reply, view, signInPage(view, '', text), status)
    void sendPage(reply, view, errorPage(view, 'error.title', text), status)
  }
}

/** Answers a request for a page that does not exist. */
export function answerPageNotFound(web: WebContext): (request: FastifyRequest, reply: FastifyReply) => void {
  return (request, reply) => {
    const view = viewFor(web, request, reply)
    void sendPage(
      reply,
      view,
      errorPage(view, 'error.not_found', view.say('error.not_found_hint')),
      NOT_FOUND,
    )
  }
}

// Each form is sent to a path that shows its page, or leads there, by GET.
function pathOf({ routeOptions, params }: FastifyRequest): string {
  const { key = '' } = params as { key?: string }
  return (routeOptions.url ?? '/').replace(':key', encodeURIComponent(key))
}

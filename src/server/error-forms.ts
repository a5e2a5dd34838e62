import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { answerUnknownVersion } from '../api/unknown-version.ts'
import { answerError as answerV1Error } from '../api/v1/errors.ts'
import { answerError as answerV2Error } from '../api/v2/errors.ts'
import type { MalformedRequest } from '../http/parser-error.ts'
import type { RawResponse } from '../http/raw-response.ts'
import type { SharingContext } from '../sharing/context.ts'
import type { WebContext } from '../web/context.ts'
import { answerPageError } from '../web/error/handler.ts'

/** How errors that are found before routing are answered. */
export interface ErrorForm {
  /** Responds to an error. */
  readonly answer: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => void
  /** Returns the response to a request that is not valid HTTP. */
  readonly malformed: (request: MalformedRequest) => RawResponse
}

/**
 * Chooses the form of errors by the path of a request. The first match wins.
 *
 * @returns A function that takes the URL of a request, empty when it is unknown.
 */
export function errorForms(context: SharingContext, web: WebContext): (url: string) => ErrorForm {
  const forms: readonly (readonly [path: RegExp, form: ErrorForm])[] = [
    [/^\/+api\/+v1(\/|$)/, { answer: answerV1Error(context.policy.secretMaxBytes), malformed: malformedV1 }],
    [/^\/+api\/+v[23](\/|$)/, { answer: answerV2Error(context), malformed: malformedV2 }],
    [/^\/+api\//, { answer: answerUnknownVersion, malformed: malformedV2 }],
  ]
  // Where the path is unknown, a client of the API is more likely than a browser.
  const otherwise = { answer: answerPageError(web), malformed: malformedV1 }
  return (url) => forms.find(([path]) => path.test(url))?.[1] ?? otherwise
}

function malformedV1({ status, reason }: MalformedRequest): RawResponse {
  const message = `Malformed request: ${reason}`
  return { headers: { 'X-OTS-Intended-Status': status }, body: { message } }
}

function malformedV2({ reason }: MalformedRequest): RawResponse {
  return { body: { error: `Malformed request: ${reason}`, error_type: 'FormError' } }
}

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { answerUnknownVersion } from '../api/unknown-version.ts'
import { answerError as answerV1Error } from '../api/v1/errors.ts'
import { answerError as answerV2Error } from '../api/v2/errors.ts'
import type { SharingContext } from '../sharing/context.ts'
import type { WebContext } from '../web/context.ts'
import { answerPageError } from '../web/error/handler.ts'

/** Responds to an error. */
type AnswerError = (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => void

/**
 * Creates the choice of an answer to an error that is found before routing: by the path, the first that matches.
 *
 * @returns A function that takes the URL of a request.
 */
export function errorForms(context: SharingContext, web: WebContext): (url: string) => AnswerError {
  const forms: readonly (readonly [path: RegExp, answer: AnswerError])[] = [
    [/^\/+api\/+v1(\/|$)/, answerV1Error(context.policy.secretMaxBytes)],
    [/^\/+api\/+v[23](\/|$)/, answerV2Error(context)],
    [/^\/+api\//, answerUnknownVersion],
  ]
  const otherwise = answerPageError(web)
  return (url) => forms.find(([path]) => path.test(url))?.[1] ?? otherwise
}

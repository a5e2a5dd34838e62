import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError } from '../../errors.ts'
import { canonicalHost } from '../../host.ts'
import { InvalidCsrfToken } from '../../http/csrf.ts'
import { reportError } from '../../http/errors.ts'
import type { Params } from '../../http/params.ts'
import { readSecretRequest } from '../../http/secret-request.ts'
import { createSecret } from '../../sharing/create-secret.ts'
import { generateValue } from '../../sharing/generate.ts'
import type { WebContext } from '../context.ts'
import { FORBIDDEN } from '../error/handler.ts'
import { csrfErrorText } from '../error/text.ts'
import { passGeneratedValue } from '../generated-value.ts'
import { senderError } from './error.ts'
import type { FilledForm } from './fields.ts'
import { emptyValues, submittedValues, tellsSender, typedSecret, withRecipients } from './form-values.ts'
import { senderOptions } from './options.ts'
import { accountsOnlyPage, senderPage } from './view.ts'

/** Registers `/`, where secrets are created. After an error, the form keeps its values. */
export function senderRoutes(app: FastifyInstance, web: WebContext): void {
  const { policy, base } = web

  app.route({
    method: ['GET', 'HEAD'],
    url: '/',
    config: { rateLimit: 'none' },
    handler: async (request, reply) =>
      reply.page(
        mayCreate(request) ? senderPage(request.view, shown(request)) : accountsOnlyPage(request.view),
      ),
  })

  app.route({
    method: 'POST',
    url: '/',
    config: { rateLimit: 'create' },
    handler: async (request, reply) => {
      const params = await request.parameters()
      const generated = params.text('generate') !== undefined
      const value = generated ? generateValue() : typedSecret(params)
      const origin = generated ? 'generated' : 'given'
      const secret = readSecretRequest(withRecipients(params), { value, origin })
      const choices = { tellsSender: tellsSender(params) }
      const { receiptKey } = await createSecret(web, request.caller, { ...secret, ...choices })
      if (generated) passGeneratedValue(web, reply, receiptKey, value)
      return reply.redirect(`${base}/private/${receiptKey}`, 303)
    },
    errorHandler: (error, request, reply) => {
      if (request.form === undefined || !mayCreate(request)) throw error
      showError(request, reply, request.form, error)
    },
  })

  function mayCreate({ account }: FastifyRequest): boolean {
    return account !== undefined || policy.anonymousCreate
  }

  function shown(request: FastifyRequest): FilledForm {
    const options = senderOptions(web, request)
    const arrivedOn = canonicalHost(request.host, new URL(policy.publicUrl).protocol)
    return { options, values: emptyValues(options, policy.ttl.default, arrivedOn) }
  }

  function showError(request: FastifyRequest, reply: FastifyReply, params: Params, thrown: unknown): void {
    const { view } = request
    const { options, values } = shown(request)
    const submitted = { options, values: submittedValues(params, values) }
    if (thrown instanceof InvalidCsrfToken) {
      const error = { text: csrfErrorText(view, thrown) }
      return void reply.code(FORBIDDEN).page(senderPage(view, { ...submitted, error }))
    }
    if (!(thrown instanceof DomainError)) throw thrown
    const error = senderError(view, thrown)
    reply.code(reportError(request, reply, thrown)).page(senderPage(view, { ...submitted, error }))
  }
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError } from '../../errors.ts'
import { InvalidCsrfToken } from '../../http/csrf.ts'
import { reportError } from '../../http/errors.ts'
import type { Params } from '../../http/params.ts'
import { readSecretRequest } from '../../http/secret-request.ts'
import { createSecret } from '../../sharing/create-secret.ts'
import { generateValue } from '../../sharing/generate.ts'
import { seconds } from '../../time.ts'
import { viewFor, type WebContext } from '../context.ts'
import { FORBIDDEN } from '../error/handler.ts'
import { sendPage } from '../layout/send.ts'
import { sealValue } from '../sealed-cookie.ts'
import { emptyForm, faultOf, optionsFor, typedText, withRecipients, writtenForm } from './form.ts'
import { closedPage, type SenderFault, senderPage } from './view.ts'

const GENERATED_SECONDS = seconds(300)

/** `/`: where messages are written. What was written comes back with every failure. */
export function senderRoutes(app: FastifyInstance, web: WebContext): void {
  const { secrets, cookies, base } = web

  app.route({
    method: ['GET', 'HEAD'],
    url: '/',
    config: { rateLimit: 'none' },
    handler: async (request, reply) => {
      const view = viewFor(web, request, reply)
      if (!mayCreate(web, request)) return sendPage(reply, view, closedPage(view))
      return sendPage(reply, view, senderPage(view, optionsFor(web, request), emptyForm(web, request)))
    },
  })

  app.route({
    method: 'POST',
    url: '/',
    config: { rateLimit: 'create' },
    handler: async (request, reply) => {
      const params = await request.parameters()
      const generated = params.text('generate') !== undefined
      const value = generated ? generateValue() : typedText(params.text('secret'))
      const origin = generated ? 'generated' : 'given'
      const secret = readSecretRequest(withRecipients(params), { value, origin })
      const { receiptKey } = await createSecret(web, request.caller, secret)
      if (generated) passOn(reply, receiptKey, value)
      return reply.redirect(`${base}/private/${receiptKey}`, 303)
    },
    errorHandler: (error, request, reply) => {
      if (request.form === undefined || !mayCreate(web, request)) throw error
      giveBack(request, reply, request.form, error)
    },
  })

  /** Lets the page that comes next show a generated value. */
  function passOn(reply: FastifyReply, receiptKey: string, value: string): void {
    const text = JSON.stringify([receiptKey, value])
    const sealed = sealValue(secrets.ring, 'generated', text, secrets.now(), GENERATED_SECONDS)
    cookies.set(reply, 'generated', sealed, GENERATED_SECONDS)
  }

  function giveBack(
    request: FastifyRequest,
    reply: FastifyReply,
    written: Params,
    error: unknown,
  ): FastifyReply {
    const view = viewFor(web, request, reply)
    const answer = (status: number, fault: SenderFault) => {
      const form = writtenForm(written, emptyForm(web, request))
      return sendPage(reply, view, senderPage(view, optionsFor(web, request), form, fault), status)
    }
    if (error instanceof InvalidCsrfToken) return answer(FORBIDDEN, { text: view.say('error.stale') })
    if (error instanceof DomainError) return answer(reportError(request, reply, error), faultOf(view, error))
    throw error
  }
}

function mayCreate({ policy }: WebContext, { account }: FastifyRequest): boolean {
  return account !== undefined || policy.anonymousCreate
}

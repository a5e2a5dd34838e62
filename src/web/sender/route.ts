import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError } from '../../errors.ts'
import { callerOf } from '../../http/caller.ts'
import { RefusedForm, readForm } from '../../http/csrf.ts'
import type { Params } from '../../http/params.ts'
import { readSecretRequest } from '../../http/secret-request.ts'
import { createSecret } from '../../sharing/create-secret.ts'
import { generateValue } from '../../sharing/generate.ts'
import { seconds } from '../../time.ts'
import { viewFor, type WebContext } from '../context.ts'
import { noteFailure, REFUSED } from '../error/handler.ts'
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
    handler: async (request, reply) => {
      const view = viewFor(web, request, reply)
      if (!mayCreate(web, request)) return sendPage(reply, view, closedPage(view))
      return sendPage(reply, view, senderPage(view, optionsFor(web, request), emptyForm(web, request)))
    },
  })

  app.route({
    method: 'POST',
    url: '/',
    handler: async (request, reply) => {
      let params: Params | undefined
      try {
        params = await readForm(web, request, '/')
        const generated = params.text('generate') !== undefined
        const value = generated ? generateValue() : typedText(params.text('secret'))
        await web.limiter(request, 'create')
        const origin = generated ? 'generated' : 'given'
        const secret = readSecretRequest(withRecipients(params), { value, origin })
        const { receiptKey } = await createSecret(web, callerOf(request), secret)
        if (generated) passOn(reply, receiptKey, value)
        return reply.redirect(`${base}/private/${receiptKey}`, 303)
      } catch (error) {
        const written = error instanceof RefusedForm ? error.params : params
        if (written === undefined || !mayCreate(web, request)) throw error
        return giveBack(request, reply, written, error)
      }
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
    if (error instanceof RefusedForm) return answer(REFUSED, { text: view.say('error.stale') })
    if (error instanceof DomainError) return answer(noteFailure(request, reply, error), faultOf(view, error))
    throw error
  }
}

function mayCreate({ policy }: WebContext, { account }: FastifyRequest): boolean {
  return account !== undefined || policy.anonymousCreate
}

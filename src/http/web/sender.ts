import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError } from '../../errors.ts'
import { generateValue } from '../../secrets/generate.ts'
import { createSecret } from '../create.ts'
import type { Params } from '../params.ts'
import { noteFailure, REFUSED } from './errors.ts'
import { RefusedForm, readForm } from './forms.ts'
import { closedPage, type SenderFault, senderPage } from './pages/sender.ts'
import { sealValue } from './sealed.ts'
import { sendPage } from './send.ts'
import { emptyForm, faultOf, optionsFor, typedText, withRecipients, writtenForm } from './sender-form.ts'
import { viewFor, type WebContext } from './web.ts'

const GENERATED_SECONDS = 300

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
        const { metadataKey } = await createSecret(web, request, withRecipients(params), { value, generated })
        if (generated) passOn(reply, metadataKey, value)
        return reply.redirect(`${base}/private/${metadataKey}`, 303)
      } catch (error) {
        const written = error instanceof RefusedForm ? error.params : params
        if (written === undefined || !mayCreate(web, request)) throw error
        return giveBack(request, reply, written, error)
      }
    },
  })

  /** Lets the page that comes next show a generated value. */
  function passOn(reply: FastifyReply, metadataKey: string, value: string): void {
    const text = JSON.stringify([metadataKey, value])
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

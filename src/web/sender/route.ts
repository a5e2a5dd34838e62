import type { FastifyInstance } from 'fastify'
import { readSecretRequest } from '../../http/secret-request.ts'
import { createForEach } from '../../sharing/create-for-each.ts'
import type { WebContext } from '../context.ts'
import { changeSinceOpened, emptyForm, mayCreate } from './filled-form.ts'
import { tellsSender, typedSecret, withRecipients } from './form-values.ts'
import { partlySentBefore } from './partly-sent.ts'
import { showAgain, showChanged } from './show-again.ts'
import { showDeliveries, showPartlySent } from './show-deliveries.ts'
import { accountsOnlyPage, senderPage } from './view.ts'

/** Registers `/`, where secrets are created. After an error, the form keeps its values. */
export function senderRoutes(app: FastifyInstance, web: WebContext): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/',
    config: { rateLimit: 'none' },
    handler: async (request, reply) =>
      reply.page(
        mayCreate(web, request)
          ? senderPage(request.view, emptyForm(web, request))
          : accountsOnlyPage(request.view),
      ),
  })

  app.route({
    method: 'POST',
    url: '/',
    config: { rateLimit: 'create', showsFormAgain: true },
    handler: async (request, reply) => {
      const params = await request.parameters()
      if (changeSinceOpened(web, request, params) !== 'none' || !mayCreate(web, request)) {
        return showChanged(web, request, reply, params)
      }
      const before = partlySentBefore(web, request, params)
      if (before !== undefined) return showPartlySent(web, request, reply, params, before)
      const secret = readSecretRequest(withRecipients(params), {
        value: typedSecret(params),
        origin: 'given',
      })
      const choices = { tellsSender: tellsSender(params) }
      const shared = await createForEach(web, request.caller, { ...secret, ...choices })
      return shared.kind === 'one'
        ? reply.redirect(`${web.base}/private/${shared.receipt.receiptKey}`, 303)
        : showDeliveries(web, request, reply, params, shared.deliveries)
    },
    errorHandler: showAgain(web),
  })
}

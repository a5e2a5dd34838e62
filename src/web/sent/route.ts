import type { FastifyInstance } from 'fastify'
import { listReceipts } from '../../secrets/list-receipts.ts'
import type { WebContext } from '../context.ts'
import { passedReceiptKeys } from './receipt-keys.ts'
import { sentPage } from './view.ts'

/** Registers `/sent`, the receipts of links that were just sent to several recipients. */
export function sentRoute(app: FastifyInstance, web: WebContext): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/sent',
    config: { rateLimit: 'receipt' },
    handler: async (request, reply) => {
      const receiptKeys = passedReceiptKeys(web, request)
      const receipts = await listReceipts(web.secrets, receiptKeys, request.actor)
      if (receipts.length === 0) return reply.redirect(`${web.base}/recent`, 303)
      const sent = receipts.map((receipt) => ({
        place: receiptKeys.indexOf(receipt.receiptKey) + 1,
        receipt,
      }))
      return reply.page(sentPage(request.view, sent))
    },
  })
}

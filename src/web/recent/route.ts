import type { FastifyInstance } from 'fastify'
import { recentKeys } from '../../accounts/recent.ts'
import { requireAccount } from '../../http/caller.ts'
import { listReceipts } from '../../secrets/receipt.ts'
import type { WebContext } from '../context.ts'
import { recentPage } from './view.ts'

/** Registers `/recent`, which requires an account. */
export function recentRoute(app: FastifyInstance, { accounts, secrets }: WebContext): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/recent',
    config: { rateLimit: 'receipt' },
    handler: async (request, reply) => {
      const receiptKeys = await recentKeys(accounts, requireAccount(request))
      const receipts = await listReceipts(secrets, receiptKeys, request.actor)
      return reply.page(recentPage(request.view, receipts))
    },
  })
}

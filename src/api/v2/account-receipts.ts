import type { FastifyPluginAsync } from 'fastify'
import { recentKeys, retentionAt } from '../../accounts/recent.ts'
import { requireAccount } from '../../http/caller.ts'
import { listReceipts } from '../../secrets/receipt.ts'
import { accountsOnly } from '../route-schemas.ts'
import { recentSchema } from './answers.ts'
import { presentRecent } from './present-receipts.ts'
import type { ReceiptOptions } from './receipts.ts'
import { responses } from './response-schemas.ts'

/** `GET /receipt/recent`, for accounts only. */
export const accountReceiptRoutes: FastifyPluginAsync<ReceiptOptions> = async (
  app,
  { context: { secrets, accounts }, version, path },
) => {
  const hide = path === '/private'

  app.route({
    method: ['GET', 'HEAD'],
    url: `${path}/recent`,
    schema: {
      hide,
      summary: 'List the recent secrets of an account',
      ...accountsOnly,
      response: responses(recentSchema[version], 'The receipts of the last 30 days.', 401),
    },
    config: { rateLimit: 'receipt' },
    handler: async (request) => {
      const account = requireAccount(request)
      const receipts = await listReceipts(secrets, await recentKeys(accounts, account))
      const now = secrets.now()
      return presentRecent(version, account.email, receipts, { since: retentionAt(now).horizon, now })
    },
  })
}

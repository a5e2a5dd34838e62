import type { FastifyPluginAsync } from 'fastify'
import { recentKeys, retentionAt } from '../../accounts/recent.ts'
import { requireAccount } from '../../http/caller.ts'
import { editMemo } from '../../secrets/edit-memo.ts'
import { parseReceiptKey } from '../../secrets/keys.ts'
import { listReceipts } from '../../secrets/list-receipts.ts'
import { accountsOnly } from '../route-schemas.ts'
import { memoParameters, type ReceiptParameter, receiptParameter } from './parameter-schemas.ts'
import { presentRecent } from './present-receipts.ts'
import { presentReceipt } from './present-records.ts'
import { cleanIdentifier } from './read-parameters.ts'
import type { ReceiptOptions } from './receipts.ts'
import { responses } from './response-schemas.ts'
import { type Edited, editedSchema, recentSchema } from './wire-objects.ts'

/** `GET /receipt/recent` and `PATCH /receipt/:receiptKey`, for accounts only. */
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
      response: responses(recentSchema[version], 'The receipts of the last 30 days.'),
    },
    config: { rateLimit: 'receipt' },
    handler: async (request) => {
      const account = requireAccount(request)
      const receipts = await listReceipts(secrets, await recentKeys(accounts, account), request.actor)
      const now = secrets.now()
      return presentRecent(version, account.email, receipts, { since: retentionAt(now).horizon, now })
    },
  })

  app.route<{ Params: ReceiptParameter }>({
    method: 'PATCH',
    url: `${path}/:receiptKey`,
    schema: {
      hide,
      summary: 'Write a note on a receipt',
      ...accountsOnly,
      ...receiptParameter,
      ...memoParameters,
      response: responses(editedSchema[version], 'The receipt.', 400, 404, 422),
    },
    config: { rateLimit: 'receipt' },
    handler: async (request) => {
      const { email } = requireAccount(request)
      const receiptKey = parseReceiptKey(cleanIdentifier(request.params.receiptKey))
      const memo = (await request.parameters()).text('memo')
      const receipt = await editMemo(secrets, email, receiptKey, memo, request.actor)
      return { record: presentReceipt(version, receipt) } satisfies Edited
    },
  })
}

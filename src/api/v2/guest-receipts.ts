import type { FastifyPluginAsync } from 'fastify'
import { receiptKeysAmong } from '../../secrets/keys.ts'
import { listReceipts } from '../../secrets/list-receipts.ts'
import { identifiersParameters } from './parameter-schemas.ts'
import { presentReceipt } from './present-records.ts'
import { readIdentifiers } from './read-parameters.ts'
import { responses } from './response-schemas.ts'
import type { VersionOptions } from './version.ts'
import { type ReceiptList, receiptListSchema } from './wire-objects.ts'

const MAX_RECEIPTS = 25

/** `POST /guest/receipts` of v3: several receipts at once, named in any case. Changes nothing. */
export const guestReceiptsRoute: FastifyPluginAsync<VersionOptions> = async (
  app,
  { context: { secrets }, version },
) => {
  app.route({
    method: 'POST',
    url: '/receipts',
    schema: {
      summary: 'Get the status of several secrets',
      ...identifiersParameters(MAX_RECEIPTS),
      response: responses(receiptListSchema, 'The known ones.', 400, 422),
    },
    config: { rateLimit: 'receipt' },
    handler: async (request) => {
      const identifiers = readIdentifiers(await request.parameters(), { limit: MAX_RECEIPTS })
      const keys = receiptKeysAmong(identifiers.map((text) => text.toLowerCase().replace(/[^a-z0-9]/g, '')))
      const receipts = await listReceipts(secrets, keys, request.actor)
      const records = receipts.map((receipt) => presentReceipt(version, receipt))
      return { records, count: records.length } satisfies ReceiptList
    },
  })
}

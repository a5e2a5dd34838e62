import type { FastifyPluginAsync } from 'fastify'
import { recentKeys } from '../../accounts/recent.ts'
import { requireAccount } from '../../http/caller.ts'
import { burn } from '../../secrets/burn.ts'
import { parseReceiptKey } from '../../secrets/keys.ts'
import { listReceipts, viewReceipt } from '../../secrets/receipt.ts'
import type { ApiOptions } from './context.ts'
import {
  accountsOnly,
  anyone,
  claimParameters,
  type KeyParameter,
  keyParameter,
} from './parameter-schemas.ts'
import { presentBurned, presentMetadata, presentRecent } from './presenters.ts'
import { responses } from './response-schemas.ts'
import { burnedSchema, metadataSchema, recentSchema } from './wire-objects.ts'

/** `/private/:key`, `/private/:key/burn` and `/private/recent`, each under its three names. */
export const receiptRoutes: FastifyPluginAsync<ApiOptions> = async (
  app,
  { context: { secrets, accounts } },
) => {
  for (const prefix of ['/private', '/metadata', '/receipt']) {
    const hide = prefix !== '/private'
    app.route<{ Params: KeyParameter }>({
      method: ['GET', 'HEAD', 'POST'],
      url: `${prefix}/:key`,
      schema: {
        hide,
        summary: 'Look at what became of a secret',
        description:
          "The creator's first look turns the state `new` into `viewed` for the next one. `/metadata` and `/receipt` are other names of `/private`, here and below.",
        ...anyone,
        ...keyParameter,
        response: responses(metadataSchema, 'The metadata, never the secret itself.'),
      },
      config: { rateLimit: 'none' },
      handler: async ({ method, params }) => {
        const receiptKey = parseReceiptKey(params.key)
        return presentMetadata(
          await viewReceipt(secrets, receiptKey, method === 'HEAD' ? 'observer' : 'sender'),
        )
      },
    })
    app.route<{ Params: KeyParameter }>({
      method: 'POST',
      url: `${prefix}/:key/burn`,
      schema: {
        hide,
        summary: 'Burn a secret unread',
        ...anyone,
        ...keyParameter,
        ...claimParameters,
        response: responses(burnedSchema, 'The metadata, now `burned`.', 429),
      },
      config: { rateLimit: 'reveal' },
      handler: async (request) => {
        const passphrase = (await request.parameters()).text('passphrase') ?? ''
        const receiptKey = parseReceiptKey(request.params.key)
        const { receipt, secretKey } = await burn(secrets, { receiptKey, passphrase, ...request.claimant })
        return presentBurned(receipt, secretKey)
      },
    })
    app.route({
      method: ['GET', 'HEAD', 'POST'],
      url: `${prefix}/recent`,
      schema: {
        hide,
        summary: 'List what the account created lately',
        ...accountsOnly,
        response: responses(
          recentSchema,
          'The metadata of the last 30 days, newest first, without secret keys.',
        ),
      },
      config: { rateLimit: 'none' },
      handler: async (request) => {
        const keys = await recentKeys(accounts, requireAccount(request))
        return presentRecent(await listReceipts(secrets, keys))
      },
    })
  }
}

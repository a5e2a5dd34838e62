import type { FastifyPluginAsync } from 'fastify'
import { recentKeys } from '../../accounts/recent.ts'
import { requireAccount } from '../../http/caller.ts'
import { burn } from '../../secrets/burn.ts'
import { parseReceiptKey } from '../../secrets/keys.ts'
import { listReceipts } from '../../secrets/list-receipts.ts'
import { viewReceipt } from '../../secrets/receipt.ts'
import type { ApiOptions } from '../context.ts'
import { accountsOnly, anyone } from '../route-schemas.ts'
import { claimParameters, type KeyParameter, keyParameter } from './parameter-schemas.ts'
import { addReceiptNames } from './present-receipts.ts'
import { presentBurned, presentMetadata, presentRecent } from './presenters.ts'
import { burnedReceiptSchema, receiptListSchema, receiptSchema } from './receipt-objects.ts'
import { responses } from './response-schemas.ts'
import { burnedSchema, type Metadata, metadataSchema, recentSchema } from './wire-objects.ts'

/**
 * `/private/:key`, `/private/:key/burn` and `/private/recent`, each under all three prefixes. Only `/receipt`, which none but
 * newer clients use, answers with the newer names too. Source: docs/api/v1.md section 4.
 */
export const receiptRoutes: FastifyPluginAsync<ApiOptions> = async (
  app,
  { context: { secrets, accounts, policy } },
) => {
  for (const prefix of ['/private', '/metadata', '/receipt']) {
    const hide = prefix === '/metadata'
    const isNewer = prefix === '/receipt'
    const named = (metadata: Metadata) => (isNewer ? addReceiptNames(policy.publicUrl, metadata) : metadata)
    app.route<{ Params: KeyParameter }>({
      method: ['GET', 'HEAD', 'POST'],
      url: `${prefix}/:key`,
      schema: {
        hide,
        summary: 'Get the status of a secret',
        description:
          'The first GET or POST still reports the state `new`, and later ones `viewed`; HEAD changes nothing. `/metadata` is an alias of `/private`, here and below; `/receipt` is one that adds newer names.',
        ...anyone,
        ...keyParameter,
        response: responses(
          isNewer ? receiptSchema : metadataSchema,
          'The metadata, without the secret itself.',
        ),
      },
      config: { rateLimit: 'receipt' },
      handler: async ({ method, params, actor }) => {
        const receiptKey = parseReceiptKey(params.key)
        const viewer = method === 'HEAD' ? 'observer' : 'sender'
        return named(presentMetadata(await viewReceipt(secrets, receiptKey, viewer, actor)))
      },
    })
    app.route<{ Params: KeyParameter }>({
      method: 'POST',
      url: `${prefix}/:key/burn`,
      schema: {
        hide,
        summary: 'Burn a secret without revealing it',
        ...anyone,
        ...keyParameter,
        ...claimParameters,
        response: responses(
          isNewer ? burnedReceiptSchema : burnedSchema,
          'The metadata, with the state `burned`.',
        ),
      },
      config: { rateLimit: 'reveal' },
      handler: async (request) => {
        const passphrase = (await request.parameters()).text('passphrase') ?? ''
        const receiptKey = parseReceiptKey(request.params.key)
        const { receipt, secretKey } = await burn(secrets, { receiptKey, passphrase, ...request.claimant })
        const burned = presentBurned(receipt, secretKey)
        return { ...burned, state: named(burned.state) }
      },
    })
    app.route({
      method: ['GET', 'HEAD', 'POST'],
      url: `${prefix}/recent`,
      schema: {
        hide,
        summary: 'List the recent secrets of an account',
        ...accountsOnly,
        response: responses(
          isNewer ? receiptListSchema : recentSchema,
          'The metadata of secrets from the last 30 days, newest first, without secret keys.',
        ),
      },
      config: { rateLimit: 'receipt' },
      handler: async (request) => {
        const keys = await recentKeys(accounts, requireAccount(request))
        return presentRecent(await listReceipts(secrets, keys, request.actor)).map(named)
      },
    })
  }
}

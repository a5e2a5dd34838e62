import type { FastifyPluginAsync } from 'fastify'
import { DomainError } from '../../errors.ts'
import { burn, checkBurner } from '../../secrets/burn.ts'
import { parseReceiptKey } from '../../secrets/keys.ts'
import { viewReceipt } from '../../secrets/receipt.ts'
import { anyone } from '../route-schemas.ts'
import { claimParameters, type ReceiptParameter, receiptParameter } from './parameter-schemas.ts'
import { presentBurned, presentShown } from './present-receipts.ts'
import { cleanIdentifier, saysContinue } from './read-parameters.ts'
import { responses } from './response-schemas.ts'
import type { VersionOptions } from './version.ts'
import { burnedSchema, shownSchema } from './wire-objects.ts'

/** The options of the plugins with receipt routes. */
export interface ReceiptOptions extends VersionOptions {
  /** `/receipt` or its alias. */
  readonly path: '/receipt' | '/private'
}

/** `GET /receipt/:receiptKey`, which changes nothing, and `POST /receipt/:receiptKey/burn`. */
export const receiptRoutes: FastifyPluginAsync<ReceiptOptions> = async (app, { context, version, path }) => {
  const { secrets, policy } = context
  const hide = path === '/private'

  app.route<{ Params: ReceiptParameter }>({
    method: ['GET', 'HEAD'],
    url: `${path}/:receiptKey`,
    schema: {
      hide,
      summary: 'Get the status of a secret',
      ...anyone,
      ...receiptParameter,
      response: responses(shownSchema[version], 'The receipt, with its addresses.', 404),
    },
    config: { rateLimit: 'receipt' },
    handler: async ({ params, actor }) => {
      const receiptKey = parseReceiptKey(cleanIdentifier(params.receiptKey))
      const receipt = await viewReceipt(secrets, receiptKey, 'observer', actor)
      return presentShown(version, policy.publicUrl, receipt)
    },
  })

  app.route<{ Params: ReceiptParameter }>({
    method: 'POST',
    url: `${path}/:receiptKey/burn`,
    schema: {
      hide,
      summary: 'Burn a secret without revealing it',
      ...anyone,
      ...receiptParameter,
      ...claimParameters,
      response: responses(
        burnedSchema[version],
        'The receipt, with its addresses. `success` says whether this request burned the secret.',
        ...([400, 404, 422] as const),
      ),
    },
    config: { rateLimit: 'reveal' },
    handler: async (request) => {
      const receiptKey = parseReceiptKey(cleanIdentifier(request.params.receiptKey))
      const params = await request.parameters()
      const burner = { passphrase: params.text('passphrase') ?? '', ...request.claimant }
      try {
        if (saysContinue(params)) {
          const { receipt } = await burn(secrets, { receiptKey, ...burner })
          return presentBurned(version, policy.publicUrl, receipt, 'burned')
        }
        await checkBurner(secrets, { receiptKey, ...burner })
      } catch (error) {
        // The secret is gone already, as the receipt will show.
        if (!(error instanceof DomainError && error.code === 'unknown_secret')) throw error
      }
      const receipt = await viewReceipt(secrets, receiptKey, 'observer', request.actor)
      return presentBurned(version, policy.publicUrl, receipt, 'not burned')
    },
  })
}

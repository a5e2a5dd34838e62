import type { FastifyInstance } from 'fastify'
import { recentKeys } from '../../accounts/recent.ts'
import { requireAccount } from '../../http/authentication.ts'
import { readParams } from '../../http/bodies.ts'
import { claimantOf } from '../../http/caller.ts'
import type { HttpContext } from '../../http/context.ts'
import { burn } from '../../secrets/burn.ts'
import { parseReceiptKey } from '../../secrets/keys.ts'
import { listReceipts, viewReceipt } from '../../secrets/receipt.ts'
import { accountsAlone, anybody, claimParameters, keyParameter } from './parameters.ts'
import { presentBurned, presentMetadata, presentRecent } from './present.ts'
import { answers, burnedSchema, metadataSchema, recentSchema } from './schemas.ts'

/** `/private/:key`, `/private/:key/burn` and `/private/recent`, each under its three names. */
export function metadataRoutes(app: FastifyInstance, { secrets, accounts, limiter }: HttpContext): void {
  for (const prefix of ['/private', '/metadata', '/receipt']) {
    const hide = prefix !== '/private'
    app.route<{ Params: { key: string } }>({
      method: ['GET', 'HEAD', 'POST'],
      url: `${prefix}/:key`,
      schema: {
        hide,
        summary: 'Look at what became of a secret',
        description:
          "The creator's first look turns the state `new` into `viewed` for the next one. `/metadata` and `/receipt` are other names of `/private`, here and below.",
        ...anybody,
        ...keyParameter,
        response: answers(metadataSchema, 'The metadata, never the secret itself.'),
      },
      handler: async ({ method, params }) =>
        presentMetadata(
          await viewReceipt(secrets, parseReceiptKey(params.key), method === 'HEAD' ? 'observer' : 'sender'),
        ),
    })
    app.route<{ Params: { key: string } }>({
      method: 'POST',
      url: `${prefix}/:key/burn`,
      schema: {
        hide,
        summary: 'Burn a secret unread',
        ...anybody,
        ...keyParameter,
        ...claimParameters,
        response: answers(burnedSchema, 'The metadata, now `burned`.', 429),
      },
      handler: async (request) => {
        const passphrase = (await readParams(request)).text('passphrase') ?? ''
        await limiter(request, 'reveal')
        const receiptKey = parseReceiptKey(request.params.key)
        const burner = { receiptKey, passphrase, ...claimantOf(request) }
        const { receipt, secretKey } = await burn(secrets, burner)
        return presentBurned(receipt, secretKey)
      },
    })
    app.route({
      method: ['GET', 'HEAD', 'POST'],
      url: `${prefix}/recent`,
      schema: {
        hide,
        summary: 'List what the account created lately',
        ...accountsAlone,
        response: answers(
          recentSchema,
          'The metadata of the last 30 days, newest first, without secret keys.',
        ),
      },
      handler: async (request) => {
        const keys = await recentKeys(accounts, requireAccount(request))
        return (await listReceipts(secrets, keys)).map(presentRecent)
      },
    })
  }
}

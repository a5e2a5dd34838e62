import type { FastifyInstance } from 'fastify'
import { recentKeys } from '../../accounts/recent.ts'
import { burn } from '../../secrets/burn.ts'
import { viewMetadata } from '../../secrets/metadata.ts'
import { listMetadata } from '../../secrets/recent.ts'
import { requireAccount } from '../auth.ts'
import { readParams } from '../body.ts'
import { claimantOf } from '../claimant.ts'
import type { HttpContext } from '../context.ts'
import { presentBurned, presentMetadata, presentRecent } from './present.ts'
import { burnedSchema, errorSchema, metadataSchema, recentSchema } from './schemas.ts'

/** `/private/:key`, `/private/:key/burn` and `/private/recent`, each under its three names. */
export function metadataRoutes(app: FastifyInstance, { secrets, accounts, limiter }: HttpContext): void {
  for (const prefix of ['/private', '/metadata', '/receipt']) {
    app.route<{ Params: { key: string } }>({
      method: ['GET', 'HEAD', 'POST'],
      url: `${prefix}/:key`,
      schema: { response: { 200: metadataSchema, '4xx': errorSchema, '5xx': errorSchema } },
      handler: async ({ method, params }) =>
        presentMetadata(await viewMetadata(secrets, params.key, method !== 'HEAD')),
    })
    app.route<{ Params: { key: string } }>({
      method: 'POST',
      url: `${prefix}/:key/burn`,
      schema: { response: { 200: burnedSchema, '4xx': errorSchema, '5xx': errorSchema } },
      handler: async (request) => {
        const passphrase = (await readParams(request)).text('passphrase') ?? ''
        await limiter(request, 'reveal')
        const burner = { metadataKey: request.params.key, passphrase, ...claimantOf(request) }
        const { metadata, secretKey } = await burn(secrets, burner)
        return presentBurned(metadata, secretKey)
      },
    })
    app.route({
      method: ['GET', 'HEAD', 'POST'],
      url: `${prefix}/recent`,
      schema: { response: { 200: recentSchema, '4xx': errorSchema, '5xx': errorSchema } },
      handler: async (request) => {
        const keys = await recentKeys(accounts, requireAccount(request))
        return (await listMetadata(secrets, keys)).map(presentRecent)
      },
    })
  }
}

import type { FastifyPluginAsync } from 'fastify'
import { readSecretRequest } from '../../http/secret-request.ts'
import { createSecret } from '../../sharing/create-secret.ts'
import { generateValue } from '../../sharing/generate.ts'
import type { ApiOptions } from '../context.ts'
import { creatorsOnly } from '../creators-only.ts'
import { anyone } from '../route-schemas.ts'
import { generateParameters, shareParameters } from './parameter-schemas.ts'
import { addReceiptNames } from './present-receipts.ts'
import { presentCreated, presentGenerated } from './presenters.ts'
import { type CreatedReceipt, createdReceiptSchema } from './receipt-objects.ts'
import { responses } from './response-schemas.ts'
import { createdSchema, generatedSchema } from './wire-objects.ts'

/**
 * `POST /share` and its alias `POST /create`; `POST /generate`. Only `/create`, which none but newer clients use, answers with
 * the newer names too. Source: docs/api/v1.md section 4.
 */
export const shareRoutes: FastifyPluginAsync<ApiOptions> = async (app, { context }) => {
  const onRequest = creatorsOnly(context.policy)

  for (const url of ['/share', '/create']) {
    const isNewer = url === '/create'
    app.route({
      method: 'POST',
      url,
      schema: {
        summary: 'Share a secret',
        description: '`/create` is an alias of `/share` that adds newer names.',
        ...anyone,
        ...shareParameters,
        response: responses(
          isNewer ? createdReceiptSchema : createdSchema,
          'The metadata of the new secret, with its metadata key and secret key.',
          502,
        ),
      },
      config: { rateLimit: 'create' },
      onRequest,
      handler: async (request) => {
        const params = await request.parameters()
        const value = params.text('secret') ?? ''
        const secret = readSecretRequest(params, { value, origin: 'given' })
        const created = presentCreated(await createSecret(context, request.caller, secret))
        if (!isNewer) return created
        return addReceiptNames(context.policy.publicUrl, created) satisfies CreatedReceipt
      },
    })
  }
  app.route({
    method: 'POST',
    url: '/generate',
    schema: {
      summary: 'Generate a random value and share it',
      ...anyone,
      ...generateParameters,
      response: responses(
        generatedSchema,
        'The metadata of the new secret, with both keys and the value.',
        502,
      ),
    },
    config: { rateLimit: 'create' },
    onRequest,
    handler: async (request) => {
      const params = await request.parameters()
      const value = generateValue(params.text('length'))
      const secret = readSecretRequest(params, { value, origin: 'generated' })
      return presentGenerated(await createSecret(context, request.caller, secret), value)
    },
  })
}

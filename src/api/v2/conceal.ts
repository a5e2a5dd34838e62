import type { FastifyPluginAsync } from 'fastify'
import { createSecret } from '../../sharing/create-secret.ts'
import { creatorsOnly } from '../creators-only.ts'
import { anyone } from '../route-schemas.ts'
import { concealParameters, generateParameters } from './parameter-schemas.ts'
import { presentConcealed } from './present-secrets.ts'
import { responses } from './response-schemas.ts'
import { readConcealRequest, readGenerateRequest } from './secret-request.ts'
import type { VersionOptions } from './version.ts'
import { concealedSchema } from './wire-objects.ts'

/** `POST /secret/conceal` and `POST /secret/generate`. */
export const concealRoutes: FastifyPluginAsync<VersionOptions> = async (app, { context, version }) => {
  const onRequest = creatorsOnly(context.policy)
  const response = responses(
    concealedSchema[version],
    'The receipt and the secret, with both keys; a generated value is in `record.secret.secret_value`, here only.',
    ...([400, 401, 403, 422, 502] as const),
  )

  app.route({
    method: 'POST',
    url: '/secret/conceal',
    schema: { summary: 'Share a secret', ...anyone, ...concealParameters, response },
    config: { rateLimit: 'create' },
    onRequest,
    handler: async (request) => {
      const secret = await readConcealRequest(request)
      const receipt = await createSecret(context, request.caller, secret)
      return presentConcealed(version, receipt, secret.recipients)
    },
  })
  app.route({
    method: 'POST',
    url: '/secret/generate',
    schema: { summary: 'Generate a random value and share it', ...anyone, ...generateParameters, response },
    config: { rateLimit: 'create' },
    onRequest,
    handler: async (request) => {
      const secret = await readGenerateRequest(request)
      const receipt = await createSecret(context, request.caller, secret)
      return presentConcealed(version, receipt, secret.recipients, secret.value)
    },
  })
}

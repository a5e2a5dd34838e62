import type { FastifyPluginAsync } from 'fastify'
import { parseSecretKey } from '../../secrets/keys.ts'
import { reveal } from '../../secrets/reveal.ts'
import type { ApiOptions } from '../context.ts'
import { anyone } from '../route-schemas.ts'
import { claimParameters, type KeyParameter, keyParameter } from './parameter-schemas.ts'
import { presentRevealed } from './presenters.ts'
import { responses } from './response-schemas.ts'
import { revealedSchema } from './wire-objects.ts'

/** `POST /secret/:key` reveals a secret. GET and HEAD do not exist, so that no link preview reveals one. */
export const secretRoutes: FastifyPluginAsync<ApiOptions> = async (app, { context: { secrets } }) => {
  app.route<{ Params: KeyParameter }>({
    method: 'POST',
    url: '/secret/:key',
    schema: {
      summary: 'Reveal a secret and delete it',
      description:
        'At most one caller ever receives the secret. A wrong passphrase or a 429 leaves it unread. If the response is lost on its way, between the server and its store or between the server and the client, the secret is lost too.',
      ...anyone,
      ...keyParameter,
      ...claimParameters,
      response: responses(revealedSchema, 'The secret. It is no longer on the server.'),
    },
    config: { rateLimit: 'reveal' },
    handler: async (request) => {
      const passphrase = (await request.parameters()).text('passphrase') ?? ''
      const secretKey = parseSecretKey(request.params.key)
      // Not spread, which takes V8 several times as long.
      const { network, connected, admission, actor } = request.claimant
      const secret = await reveal(secrets, { secretKey, passphrase, network, connected, admission, actor })
      return presentRevealed(secret, secretKey)
    },
  })
}

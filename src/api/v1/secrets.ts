import type { FastifyPluginAsync } from 'fastify'
import { parseSecretKey } from '../../secrets/keys.ts'
import { reveal } from '../../secrets/reveal.ts'
import type { ApiOptions } from './context.ts'
import { anyone, claimParameters, type KeyParameter, keyParameter } from './parameter-schemas.ts'
import { presentRevealed } from './presenters.ts'
import { responses } from './response-schemas.ts'
import { revealedSchema } from './wire-objects.ts'

/** `POST /secret/:key`: reveals and burns. There is no GET or HEAD of it. */
export const secretRoutes: FastifyPluginAsync<ApiOptions> = async (app, { context: { secrets } }) => {
  app.route<{ Params: KeyParameter }>({
    method: 'POST',
    url: '/secret/:key',
    schema: {
      summary: 'Reveal a secret and burn it',
      description:
        'At most one caller ever gets it. A wrong passphrase or a 429 costs nothing; an answer that is lost on its way, also between the server and its store, forfeits the secret.',
      ...anyone,
      ...keyParameter,
      ...claimParameters,
      response: responses(revealedSchema, 'The secret, which is gone from the server.', 429),
    },
    config: { rateLimit: 'reveal' },
    handler: async (request) => {
      const passphrase = (await request.parameters()).text('passphrase') ?? ''
      const secretKey = parseSecretKey(request.params.key)
      const secret = await reveal(secrets, { secretKey, passphrase, ...request.claimant })
      return presentRevealed(secret, secretKey)
    },
  })
}

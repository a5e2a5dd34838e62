import type { FastifyInstance } from 'fastify'
import { readParams } from '../../http/bodies.ts'
import { claimantOf } from '../../http/caller.ts'
import type { HttpContext } from '../../http/context.ts'
import { parseSecretKey } from '../../secrets/keys.ts'
import { reveal } from '../../secrets/reveal.ts'
import { anybody, claimParameters, keyParameter } from './parameters.ts'
import { answers, revealedSchema } from './schemas.ts'

/** `POST /secret/:key`: reveals and burns. There is no GET or HEAD of it. */
export function secretRoute(app: FastifyInstance, { secrets, limiter }: HttpContext): void {
  app.route<{ Params: { key: string } }>({
    method: 'POST',
    url: '/secret/:key',
    schema: {
      summary: 'Reveal a secret and burn it',
      description:
        'At most one caller ever gets it. A wrong passphrase or a 429 costs nothing; an answer that is lost on its way, also between the server and its store, forfeits the secret.',
      ...anybody,
      ...keyParameter,
      ...claimParameters,
      response: answers(revealedSchema, 'The secret, which is gone from the server.', 429),
    },
    handler: async (request) => {
      const passphrase = (await readParams(request)).text('passphrase') ?? ''
      await limiter(request, 'reveal')
      const secretKey = parseSecretKey(request.params.key)
      const { value, shareDomain } = await reveal(secrets, { secretKey, passphrase, ...claimantOf(request) })
      return { value, secret_key: secretKey, share_domain: shareDomain }
    },
  })
}

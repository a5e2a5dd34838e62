import type { FastifyInstance } from 'fastify'
import { reveal } from '../../secrets/reveal.ts'
import { readParams } from '../body.ts'
import { claimantOf } from '../claimant.ts'
import type { HttpContext } from '../context.ts'
import { errorSchema, revealedSchema } from './schemas.ts'

/** `POST /secret/:key`: reveals and burns. There is no GET or HEAD of it. */
export function secretRoute(app: FastifyInstance, { secrets, limiter }: HttpContext): void {
  app.route<{ Params: { key: string } }>({
    method: 'POST',
    url: '/secret/:key',
    schema: { response: { 200: revealedSchema, '4xx': errorSchema, '5xx': errorSchema } },
    handler: async (request) => {
      const passphrase = (await readParams(request)).text('passphrase') ?? ''
      await limiter(request, 'reveal')
      const secretKey = request.params.key
      const { value, shareDomain } = await reveal(secrets, { secretKey, passphrase, ...claimantOf(request) })
      return { value, secret_key: secretKey, share_domain: shareDomain }
    },
  })
}

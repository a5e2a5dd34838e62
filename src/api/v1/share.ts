import type { FastifyInstance } from 'fastify'
import { readParams } from '../../http/bodies.ts'
import { callerOf } from '../../http/caller.ts'
import type { HttpContext } from '../../http/context.ts'
import { readSecretRequest } from '../../http/secret-request.ts'
import { createSecret } from '../../sharing/create-secret.ts'
import { generateValue } from '../../sharing/generate.ts'
import { anybody, generateParameters, shareParameters } from './parameters.ts'
import { presentCreated } from './present.ts'
import { answers, createdSchema, generatedSchema } from './schemas.ts'

/** `POST /share` and its alias `POST /create`; `POST /generate`. */
export function shareRoutes(app: FastifyInstance, context: HttpContext): void {
  for (const url of ['/share', '/create']) {
    app.route({
      method: 'POST',
      url,
      schema: {
        hide: url === '/create',
        summary: 'Keep a secret',
        description: '`/create` is another name of it.',
        ...anybody,
        ...shareParameters,
        response: answers(createdSchema, 'The metadata of the new secret, with both keys.', 429, 502),
      },
      handler: async (request) => {
        const params = await readParams(request)
        const value = params.text('secret') ?? ''
        await context.limiter(request, 'create')
        const secret = readSecretRequest(params, { value, origin: 'given' })
        return presentCreated(await createSecret(context, callerOf(request), secret))
      },
    })
  }
  app.route({
    method: 'POST',
    url: '/generate',
    schema: {
      summary: 'Make a random value and keep it',
      ...anybody,
      ...generateParameters,
      response: answers(generatedSchema, 'The metadata of the new secret, and the value.', 429, 502),
    },
    handler: async (request) => {
      const params = await readParams(request)
      const value = generateValue(params.text('length'))
      await context.limiter(request, 'create')
      const secret = readSecretRequest(params, { value, origin: 'generated' })
      return { ...presentCreated(await createSecret(context, callerOf(request), secret)), value }
    },
  })
}

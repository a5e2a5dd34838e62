import type { FastifyInstance } from 'fastify'
import { generateValue } from '../../secrets/generate.ts'
import { readParams } from '../body.ts'
import type { HttpContext } from '../context.ts'
import { createSecret } from '../create.ts'
import { presentCreated } from './present.ts'
import { createdSchema, errorSchema, generatedSchema } from './schemas.ts'

/** `POST /share` and its alias `POST /create`; `POST /generate`. */
export function shareRoutes(app: FastifyInstance, context: HttpContext): void {
  for (const url of ['/share', '/create']) {
    app.route({
      method: 'POST',
      url,
      schema: { response: { 200: createdSchema, '4xx': errorSchema, '5xx': errorSchema } },
      handler: async (request) => {
        const params = await readParams(request)
        const value = params.text('secret') ?? ''
        return presentCreated(await createSecret(context, request, params, { value, generated: false }))
      },
    })
  }
  app.route({
    method: 'POST',
    url: '/generate',
    schema: { response: { 200: generatedSchema, '4xx': errorSchema, '5xx': errorSchema } },
    handler: async (request) => {
      const params = await readParams(request)
      const value = generateValue(params.text('length'))
      const metadata = await createSecret(context, request, params, { value, generated: true })
      return { ...presentCreated(metadata), value }
    },
  })
}

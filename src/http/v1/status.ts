import type { FastifyInstance } from 'fastify'
import { requireAccount } from '../auth.ts'
import type { HttpContext } from '../context.ts'
import { errorSchema, statusSchema } from './schemas.ts'

const NOMINAL = { status: 'nominal' } as const
const OFFLINE = { status: 'offline' } as const

/**
 * `GET /status`: whether the store can be reached, in one field and always with 200; `GET /authcheck`: who asks.
 * One Go client asks for the status by POST, so that works too.
 */
export function statusRoutes(app: FastifyInstance, { ready }: HttpContext): void {
  const schema = { response: { 200: statusSchema, '4xx': errorSchema, '5xx': errorSchema } }
  app.route({
    method: ['GET', 'HEAD', 'POST'],
    url: '/status',
    schema,
    handler: () =>
      ready().then(
        () => NOMINAL,
        () => OFFLINE,
      ),
  })
  app.route({
    method: ['GET', 'HEAD'],
    url: '/authcheck',
    schema,
    handler: async (request) => {
      requireAccount(request)
      return NOMINAL
    },
  })
}

import type { FastifyInstance } from 'fastify'
import { requireAccount } from '../../http/authentication.ts'
import type { HttpContext } from '../../http/context.ts'
import { accountsAlone, anybody } from './parameters.ts'
import { answers, statusSchema } from './schemas.ts'

const NOMINAL = { status: 'nominal' } as const
const OFFLINE = { status: 'offline' } as const

/**
 * `GET /status`: whether the store can be reached, in one field and always with 200; `GET /authcheck`: who asks.
 * One Go client asks for the status by POST, so that works too.
 */
export function statusRoutes(app: FastifyInstance, { ready }: HttpContext): void {
  app.route({
    method: ['GET', 'HEAD', 'POST'],
    url: '/status',
    schema: {
      summary: 'Ask whether the server can reach its store',
      ...anybody,
      response: answers(statusSchema, '`nominal`, or `offline` while the store cannot be reached.'),
    },
    handler: () =>
      ready().then(
        () => NOMINAL,
        () => OFFLINE,
      ),
  })
  app.route({
    method: ['GET', 'HEAD'],
    url: '/authcheck',
    schema: {
      summary: 'Try an account and its token',
      ...accountsAlone,
      response: answers(statusSchema, 'They are good.'),
    },
    handler: async (request) => {
      requireAccount(request)
      return NOMINAL
    },
  })
}

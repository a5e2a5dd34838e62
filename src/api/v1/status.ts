import type { FastifyPluginAsync } from 'fastify'
import { requireAccount } from '../../http/caller.ts'
import type { ApiOptions } from './context.ts'
import { accountsOnly, anyone } from './parameter-schemas.ts'
import { responses } from './response-schemas.ts'
import { type Status, statusSchema } from './wire-objects.ts'

const NOMINAL: Status = { status: 'nominal' }
const OFFLINE: Status = { status: 'offline' }

/**
 * `GET /status`: whether the store can be reached, in one field and always with 200; `GET /authcheck`: whether an account
 * and its token are good. One Go client asks for the status by POST, so that works too.
 */
export const statusRoutes: FastifyPluginAsync<ApiOptions> = async (app, { context: { ready } }) => {
  app.route({
    method: ['GET', 'HEAD', 'POST'],
    url: '/status',
    schema: {
      summary: 'Ask whether the server can reach its store',
      ...anyone,
      response: responses(statusSchema, '`nominal`, or `offline` while the store cannot be reached.'),
    },
    config: { rateLimit: 'none' },
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
      ...accountsOnly,
      response: responses(statusSchema, 'They are good.'),
    },
    config: { rateLimit: 'none' },
    handler: async (request) => {
      requireAccount(request)
      return NOMINAL
    },
  })
}

import type { FastifyPluginAsync } from 'fastify'
import { requireAccount } from '../../http/caller.ts'
import type { ApiOptions } from '../context.ts'
import { accountsOnly, anyone } from '../route-schemas.ts'
import { responses } from './response-schemas.ts'
import { type Status, statusSchema } from './wire-objects.ts'

const NOMINAL: Status = { status: 'nominal' }
const OFFLINE: Status = { status: 'offline' }

/**
 * `GET /status` reports whether the store can be reached, always with status 200. `GET /authcheck` verifies an account and
 * its API token. One Go client requests the status by POST, so POST works too.
 */
export const statusRoutes: FastifyPluginAsync<ApiOptions> = async (app, { context: { reachable } }) => {
  app.route({
    method: ['GET', 'HEAD', 'POST'],
    url: '/status',
    schema: {
      summary: 'Check whether the server can reach its store',
      ...anyone,
      response: responses(statusSchema, '`nominal`, or `offline` while the store cannot be reached.'),
    },
    config: { rateLimit: 'none' },
    handler: () =>
      reachable().then(
        () => NOMINAL,
        () => OFFLINE,
      ),
  })
  app.route({
    method: ['GET', 'HEAD'],
    url: '/authcheck',
    schema: {
      summary: 'Verify an account and its API token',
      ...accountsOnly,
      response: responses(statusSchema, 'Both are valid.'),
    },
    config: { rateLimit: 'none' },
    handler: async (request) => {
      requireAccount(request)
      return NOMINAL
    },
  })
}

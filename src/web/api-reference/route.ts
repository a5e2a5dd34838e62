import type { FastifyInstance } from 'fastify'
import { API_VERSIONS, openApi } from '../../http/openapi.ts'
import type { WebContext } from '../context.ts'
import { limitsOf } from './limits.ts'
import { apiReferencePage } from './view.ts'

/** Registers `/api`, which shows the OpenAPI document of v1 as a page, and that of the others as `/api?version=v2`. */
export function apiReferenceRoute(app: FastifyInstance, { policy }: WebContext): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/api',
    config: { rateLimit: 'none', confidential: 'for accounts' },
    handler: async (request, reply) => {
      const requested = (await request.parameters()).text('version')
      const version = API_VERSIONS.find((each) => each === requested) ?? 'v1'
      const { publicUrl } = policy
      const reference = { version, document: openApi[version], publicUrl, limits: limitsOf(policy) }
      return reply.page(apiReferencePage(request.view, reference))
    },
  })
}

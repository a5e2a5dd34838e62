import type { FastifyInstance } from 'fastify'
import { openApi } from '../../http/openapi.ts'
import { apiReferencePage } from './view.ts'

/** Registers `/api`, which shows the OpenAPI document as a page. */
export function apiReferenceRoute(app: FastifyInstance): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/api',
    config: { rateLimit: 'none' },
    handler: async ({ view }, reply) => reply.page(apiReferencePage(view, openApi)),
  })
}

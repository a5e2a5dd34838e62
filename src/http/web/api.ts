import type { FastifyInstance } from 'fastify'
import { openApi } from '../openapi.ts'
import { apiPage } from './pages/api.ts'
import { sendPage } from './send.ts'
import { viewFor, type WebContext } from './web.ts'

/** `/api`: what the OpenAPI document says, for people. */
export function apiRoute(app: FastifyInstance, web: WebContext): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/api',
    handler: async (request, reply) => {
      const view = viewFor(web, request, reply)
      return sendPage(reply, view, apiPage(view, openApi))
    },
  })
}

import type { FastifyInstance } from 'fastify'
import { openApi } from '../../http/openapi.ts'
import { viewFor, type WebContext } from '../context.ts'
import { sendPage } from '../layout/send.ts'
import { apiPage } from './view.ts'

/** `/api`: what the OpenAPI document says, for people. */
export function apiRoute(app: FastifyInstance, web: WebContext): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/api',
    config: { rateLimit: 'none' },
    handler: async (request, reply) => {
      const view = viewFor(web, request, reply)
      return sendPage(reply, view, apiPage(view, openApi))
    },
  })
}

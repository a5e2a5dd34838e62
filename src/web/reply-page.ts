import type { FastifyInstance, FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import { document } from './layout/document.ts'
import type { Page } from './layout/page.ts'
import type { View } from './request-view.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** Renders and sends a page with the view of the request. */
    page(page: Page): FastifyReply
  }
}

/** Decorates replies with `page`. */
export const replyPage = fp(
  async (app: FastifyInstance) => {
    app.decorateReply('page', function (page) {
      return sendPage(this, this.request.view, page)
    })
  },
  { name: 'reply-page', dependencies: ['request-view'] },
)

/** Sends a page for a request without decorators. Everywhere else, use `reply.page`. */
export function sendPage(reply: FastifyReply, view: View, page: Page): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(String(document(view, page)))
}

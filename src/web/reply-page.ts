import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import Negotiator from 'negotiator'
import { document } from './layout/document.ts'
import type { Page } from './layout/page.ts'
import type { View } from './request-view.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** Renders and sends a page with the view of the request. */
    page(page: Page): FastifyReply
    /**
     * Sends a page compressed, for pages that are sent only once or have neither a CSRF token nor a secret. The size of any
     * other would tell these to an attacker who can request it repeatedly (BREACH).
     */
    compressedPage(page: Page): Promise<FastifyReply>
  }
}

const compress = promisify(gzip)

/** Decorates replies with `page` and `compressedPage`. */
export const replyPage = fp(
  async (app: FastifyInstance) => {
    app.decorateReply('page', function (page) {
      return sendPage(this, this.request.view, page)
    })
    app.decorateReply('compressedPage', async function (page) {
      const coding = new Negotiator(this.request).encoding(['gzip', 'identity'])
      if (coding !== 'gzip') return this.page(page)
      const bytes = await compress(String(document(this.request.view, page)))
      return this.type('text/html; charset=utf-8').header('content-encoding', coding).send(bytes)
    })
  },
  { name: 'reply-page', dependencies: ['request-view'] },
)

/** Sends a page for a request without decorators. Everywhere else, use `reply.page`. */
export function sendPage(reply: FastifyReply, view: View, page: Page): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(String(document(view, page)))
}

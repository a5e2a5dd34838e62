import type { FastifyReply } from 'fastify'
import { layout, type Page } from './pages/layout.ts'
import type { View } from './web.ts'

/** Answers with a page. */
export function sendPage(reply: FastifyReply, view: View, page: Page, status = 200): FastifyReply {
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .send(String(layout(view, page)))
}

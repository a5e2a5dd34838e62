import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import Negotiator from 'negotiator'
import type { View } from '../context.ts'
import { layout, type Page } from './layout.ts'

const compress = promisify(gzip)

/** Answers with a page. */
export function sendPage(reply: FastifyReply, view: View, page: Page, status = 200): FastifyReply {
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .send(String(layout(view, page)))
}

/**
 * Answers with a page that nobody gets twice, compressed: whoever can't ask again can't learn from its size either
 * (BREACH), as might be done with any other page that holds a token.
 */
export async function sendPageOnce(
  request: FastifyRequest,
  reply: FastifyReply,
  view: View,
  page: Page,
): Promise<FastifyReply> {
  const coding = new Negotiator(request).encoding(['gzip', 'identity'])
  if (coding !== 'gzip') return sendPage(reply, view, page)
  const bytes = await compress(String(layout(view, page)))
  return reply.type('text/html; charset=utf-8').header('content-encoding', coding).send(bytes)
}

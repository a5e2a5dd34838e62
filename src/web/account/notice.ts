import type { FastifyReply, FastifyRequest } from 'fastify'
import { seconds } from '../../time.ts'
import type { WebContext } from '../context.ts'
import { readSealedCookie, setSealedCookie } from '../sealed-cookie.ts'

/** What the account page reports once, after a form on it. */
export type Notice = 'token_replaced' | 'sessions_ended'

const NOTICE_TTL = seconds(300)

/** Passes a notice to the account page that follows, in this browser only. */
export function passNotice(web: WebContext, reply: FastifyReply, notice: Notice): void {
  setSealedCookie(web, reply, { name: 'notice', text: notice, ttl: NOTICE_TTL })
}

/** Reads and clears the notice; undefined when it is missing or expired. */
export function takeNotice(
  web: WebContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Notice | undefined {
  if (web.cookies.read(request, 'notice') === undefined) return undefined
  web.cookies.clear(reply, 'notice')
  return readSealedCookie(web, request, 'notice') as Notice | undefined
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../../accounts/authenticate.ts'
import { seconds } from '../../time.ts'
import type { WebContext } from '../context.ts'
import { readSealedCookie, setSealedCookie } from '../sealed-cookie.ts'

const NOTICES = ['token_active', 'sessions_ended'] as const

/** What the account page reports once, after a form on it. */
export type Notice = (typeof NOTICES)[number]

const NOTICE_TTL = seconds(300)

/** Passes a notice to the account page that follows, in this browser and for this account only. */
export function passNotice(web: WebContext, account: Account, reply: FastifyReply, notice: Notice): void {
  setSealedCookie(web, reply, { name: 'notice', text: textOf(notice, account), ttl: NOTICE_TTL })
}

/** Reads and clears the notice; undefined when it is missing, expired, or passed to another account. */
export function takeNotice(
  web: WebContext,
  account: Account,
  request: FastifyRequest,
  reply: FastifyReply,
): Notice | undefined {
  if (web.cookies.read(request, 'notice') === undefined) return undefined
  web.cookies.clear(reply, 'notice')
  const text = readSealedCookie(web, request, 'notice')
  return NOTICES.find((notice) => text === textOf(notice, account))
}

// Names the account, because another one may sign in before its page reports the notice.
function textOf(notice: Notice, { email }: Account): string {
  return `${notice} ${email}`
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CookieName } from '../http/cookies.ts'
import type { WebContext } from './context.ts'
import { openText, type SealedText, sealText } from './sealed-text.ts'

/** The content of a sealed cookie, and its lifetime. */
interface SealedCookie extends SealedText {
  readonly name: CookieName
}

/** Sets a cookie that the browser can neither read nor change. */
export function setSealedCookie(web: WebContext, reply: FastifyReply, cookie: SealedCookie): void {
  web.cookies.set(reply, cookie.name, sealText(web, cookie), cookie.ttl)
}

/** Returns the text of a sealed cookie; undefined when it is missing, expired, forged, or has another name. */
export function readSealedCookie(
  web: WebContext,
  request: FastifyRequest,
  name: CookieName,
): string | undefined {
  return openText(web, name, web.cookies.read(request, name))
}

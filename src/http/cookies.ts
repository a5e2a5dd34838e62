import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** The cookies of the pages, except the one for the language. */
export type CookieName =
  /** The CSRF cookie, which binds forms to the browser they were sent to. */
  | 'csrf'
  /** The session: the account that signed in, sealed. */
  | 'session'
  /** What the account page reports once, sealed. */
  | 'notice'
  /** The receipt keys of links that were just sent to several recipients, sealed. */
  | 'sent'
  /** Which recipients of a form got their links when other emails failed, sealed. */
  | 'partly_sent'

/** Reads and writes cookies with the strictest attributes that the site's address allows. */
export interface Cookies {
  read(request: FastifyRequest, name: CookieName): string | undefined
  /**
   * Sets a cookie.
   *
   * @param maxAge Seconds; by default the browser deletes the cookie when it closes.
   */
  set(reply: FastifyReply, name: CookieName, value: string, maxAge?: number): void
  clear(reply: FastifyReply, name: CookieName): void
}

/** The parts of the site's address that its cookies depend on. */
export interface CookieSite {
  /** Whether the site is reached over https. */
  readonly secure: boolean
  /** The base path; empty for none. */
  readonly base: string
}

/** Creates the cookie access of a site. Names get the prefixes of RFC 6265bis, section 4.1.3. */
export function createCookies({ secure, base }: CookieSite): Cookies {
  const prefix = secure ? (base === '' ? '__Host-' : '__Secure-') : ''
  const options = (name: CookieName): CookieSerializeOptions => ({
    path: base === '' ? '/' : base,
    httpOnly: true,
    secure,
    // Browsers withhold strict cookies when a link in an email opens a page. Without its CSRF cookie that page would set a
    // new one and invalidate the forms on other pages. Lax cookies are not sent with cross-site POSTs either.
    sameSite: name === 'csrf' ? 'lax' : 'strict',
  })
  return {
    read: (request, name) => request.cookies[prefix + name],
    set: (reply, name, value, maxAge) =>
      void reply.setCookie(prefix + name, value, {
        ...options(name),
        ...(maxAge !== undefined && { maxAge }),
      }),
    clear: (reply, name) => void reply.clearCookie(prefix + name, options(name)),
  }
}

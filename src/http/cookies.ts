import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** The cookies of the pages, except the one that keeps the language. */
export type CookieName =
  /** The CSRF cookie: ties forms to the browser that got them. */
  | 'csrf'
  /** The account that has signed in, sealed. */
  | 'session'
  /** A generated value on its way to the one page that shows it, sealed. */
  | 'generated'

/** Reads and writes cookies as strictly as the site's address allows. */
export interface Cookies {
  read(request: FastifyRequest, name: CookieName): string | undefined
  /**
   * Sets a cookie.
   *
   * @param maxAge Seconds; without it the cookie ends with the browser.
   */
  set(reply: FastifyReply, name: CookieName, value: string, maxAge?: number): void
  clear(reply: FastifyReply, name: CookieName): void
}

/** The address of the site, as far as its cookies depend on it. */
export interface CookieSite {
  /** Whether the site is reached over https. */
  readonly secure: boolean
  /** The base path; empty for none. */
  readonly base: string
}

/** Creates the cookies of a site, with the name prefixes of RFC 6265bis, section 4.1.3. */
export function createCookies({ secure, base }: CookieSite): Cookies {
  const prefix = secure ? (base === '' ? '__Host-' : '__Secure-') : ''
  const options = (name: CookieName): CookieSerializeOptions => ({
    path: base === '' ? '/' : base,
    httpOnly: true,
    secure,
    // A link in an email opens a page without its strict cookies. The CSRF cookie has to come along all the same, or each
    // such page would replace it and invalidate the forms of the others; like a strict one it is not sent with foreign
    // POSTs.
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

import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** The cookies of the pages, but for the one that keeps the language. */
export type CookieName =
  /** Ties forms to the browser that they were sent to. */
  | 'visit'
  /** Who has signed in, sealed. */
  | 'session'
  /** A generated value on its way to the one page that shows it, sealed. */
  | 'generated'

/** Reads and writes cookies as strictly as the site's address allows. */
export interface Cookies {
  read(request: FastifyRequest, name: CookieName): string | undefined
  /** @param maxAge Seconds; without it the cookie ends with the browser. */
  set(reply: FastifyReply, name: CookieName, value: string, maxAge?: number): void
  clear(reply: FastifyReply, name: CookieName): void
}

/**
 * @param secure Whether the site is reached over https.
 * @param base The site's base path, empty for none.
 * @returns Cookies for that site, with the name prefixes of RFC 6265bis, section 4.1.3.
 */
export function createCookies(secure: boolean, base: string): Cookies {
  const prefix = secure ? (base === '' ? '__Host-' : '__Secure-') : ''
  const options = (name: CookieName): CookieSerializeOptions => ({
    path: base === '' ? '/' : base,
    httpOnly: true,
    secure,
    // A link in a mail opens a page without its strict cookies. `visit` has to come along all the same, or each such
    // page would replace it and void the forms of the others; like a strict one it stays behind on foreign POSTs.
    sameSite: name === 'visit' ? 'lax' : 'strict',
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

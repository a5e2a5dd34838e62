import type { FastifyRequest } from 'fastify'

/**
 * Returns who caused a request, as far as the browser says (Fetch Metadata, `Sec-Fetch-Site`). No script of a page can set that
 * header. An old browser sends none, and neither does any over plain http.
 *
 * @returns `this site` also for the user, who followed a bookmark or typed an address.
 */
export function causeOf({ headers }: FastifyRequest): 'this site' | 'another site' | 'unknown' {
  const site = headers['sec-fetch-site']
  if (site === undefined) return 'unknown'
  return site === 'same-origin' || site === 'none' ? 'this site' : 'another site'
}

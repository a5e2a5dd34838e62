import type { FastifyRequest } from 'fastify'

/** Returns the query string of a request for a page. A malformed one is read as browsers do, so no link fails for it. */
export function queryString({ query }: FastifyRequest): URLSearchParams {
  const { text } = (query ?? {}) as { text?: string }
  return new URLSearchParams(text)
}

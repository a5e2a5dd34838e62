import type { Way } from '../secrets/actor.ts'

const API = /^\/api\/(v\d)(?:\/|$)/

/**
 * Returns how a request came, for the audit log: by its prefix alone, so that another version of the API needs nothing more.
 *
 * @param url The path and query of the request, below the base path.
 */
export function wayOf(url: string): Way {
  return (API.exec(url)?.[1] as Way | undefined) ?? 'page'
}

import type { preHandlerAsyncHookHandler } from 'fastify'
import { statusOf } from '../../http/errors.ts'
import { findKey } from '../../secrets/keys.ts'
import { incompleteLinkPage } from './view.ts'

const LINK = /^\/(?<page>secret|private|receipt|metadata)(?:\/(?<rest>.*))?$/is

/** The path of a secret link or receipt link, as it arrived. */
interface Link {
  readonly page: 'secret' | 'private'
  /** What follows the page, decoded. */
  readonly rest: string
}

/**
 * Creates a hook that leads a link with something around its key, or with other capitals, to the clean one, and says that a
 * link without a whole key is incomplete. It never looks for the secret, so it tells nothing about it.
 *
 * @param base The base path of the site; empty for none.
 */
export function leadToCleanLink(base: string): preHandlerAsyncHookHandler {
  return async (request, reply) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return
    const link = parseLink(request.url)
    if (link === undefined) return
    const { page, rest } = link
    const key = findKey(rest)
    if (key === undefined) {
      const path = `/${page}/${encodeURIComponent(rest)}`
      return reply.code(statusOf('unknown_secret')).page(incompleteLinkPage(request.view, path))
    }
    const { key: given } = request.params as { readonly key?: string }
    if (given !== key) return reply.redirect(`${base}/${page}/${key}`, 303)
  }
}

function parseLink(url: string): Link | undefined {
  const [path = ''] = url.split('?', 1)
  const { page, rest = '' } = LINK.exec(path)?.groups ?? {}
  if (page === undefined) return undefined
  return { page: page.toLowerCase() === 'secret' ? 'secret' : 'private', rest: decode(rest) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

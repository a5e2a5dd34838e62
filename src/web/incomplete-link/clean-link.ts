import type { preHandlerAsyncHookHandler } from 'fastify'
import { statusOf } from '../../http/errors.ts'
import { receiptAliasId, secretAliasId } from '../../secrets/alias-ids.ts'
import { isImportedKey } from '../../secrets/aliases.ts'
import type { SecretsContext } from '../../secrets/context.ts'
import { findKey, findOldKey, parseReceiptKey, parseSecretKey } from '../../secrets/keys.ts'
import type { WebContext } from '../context.ts'
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
 * link without a whole key is incomplete. It never looks for the secret, so it tells nothing about it. Only for a key of
 * another length than ours, it finds out whether it was imported.
 */
export function leadToCleanLink({ base, secrets }: WebContext): preHandlerAsyncHookHandler {
  return async (request, reply) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return
    const link = parseLink(request.url)
    if (link === undefined) return
    const { page, rest } = link
    const key = (await findImportedKey(secrets, link)) ?? findKey(rest)
    if (key === undefined) {
      const path = `/${page}/${encodeURIComponent(rest)}`
      return reply.code(statusOf('unknown_secret')).page(incompleteLinkPage(request.view, path))
    }
    const { key: given } = request.params as { readonly key?: string }
    if (given !== key) return reply.redirect(`${base}/${page}/${key}`, 303)
  }
}

async function findImportedKey(secrets: SecretsContext, { page, rest }: Link): Promise<string | undefined> {
  const key = findOldKey(rest)
  if (key === undefined || key === findKey(key)) return undefined
  const id = page === 'secret' ? secretAliasId(parseSecretKey(key)) : receiptAliasId(parseReceiptKey(key))
  return (await isImportedKey(secrets, id)) ? key : undefined
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

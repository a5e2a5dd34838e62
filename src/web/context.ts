import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HttpContext, Site } from '../http/context.ts'
import { type Cookies, createCookies } from '../http/cookies.ts'
import { issueForms } from '../http/csrf.ts'
import { localeOf } from '../http/locale.ts'
import type { Locale } from '../i18n/catalog.ts'
import { type MessageKey, type MessageValues, translate } from '../i18n/catalog.ts'
import { type Assets, loadAssets } from './assets/assets.ts'
import { chosenLocale } from './language.ts'

/** What the pages work with. */
export interface WebContext extends HttpContext {
  /** The base path of the site, before every path of ours; empty for none. */
  readonly base: string
  readonly cookies: Cookies
  readonly assets: Assets
}

/** What a page knows of its reader. */
export interface View {
  readonly locale: Locale
  readonly site: Site
  readonly assets: Assets
  readonly base: string
  /** The reader's account, by its e-mail. */
  readonly account: string | undefined
  /** @returns A text in the reader's language. */
  say(key: MessageKey, values?: MessageValues): string
  /** @returns The token of a form that is sent to this path. */
  token(action: string): string
}

/** @returns The context of the pages, with everything that they load. */
export function createWeb(context: HttpContext): WebContext {
  const { protocol, pathname } = new URL(context.policy.publicUrl)
  const base = pathname.replace(/\/$/, '')
  const cookies = createCookies(protocol === 'https:', base)
  return { ...context, base, cookies, assets: loadAssets(context.site) }
}

/** @returns What the page that answers this request knows of its reader. */
export function viewFor(web: WebContext, request: FastifyRequest, reply: FastifyReply): View {
  const locale = chosenLocale(request) ?? localeOf(request.headers)
  return {
    locale,
    site: web.site,
    assets: web.assets,
    base: web.base,
    account: request.account?.email,
    say: (key, values) => translate(locale, key, values),
    token: issueForms(web, request, reply),
  }
}

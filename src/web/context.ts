import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Cookies, createCookies } from '../http/cookies.ts'
import { csrfTokens } from '../http/csrf.ts'
import { localeOf } from '../http/locale.ts'
import { type MessageKey, translate } from '../i18n/catalog.ts'
import type { MessageValues } from '../i18n/format.ts'
import type { Locale } from '../i18n/locale.ts'
import type { SharingContext } from '../sharing/context.ts'
import { type Assets, loadAssets } from './assets/assets.ts'
import { chosenLocale } from './language.ts'
import type { Site } from './site.ts'

/** What the pages work with. */
export interface WebContext extends SharingContext {
  readonly site: Site
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
  /** Identifies the request in the log. */
  readonly requestId: string
  /** @returns A text in the reader's language. */
  say(key: MessageKey, values?: MessageValues): string
  /** @returns The CSRF token of a form that is sent to this path. */
  token(action: string): string
}

/** @returns The context of the pages, with everything that they load. */
export function createWeb(context: SharingContext & { readonly site: Site }): WebContext {
  const { protocol, pathname } = new URL(context.policy.publicUrl)
  const base = pathname.replace(/\/$/, '')
  const cookies = createCookies({ secure: protocol === 'https:', base })
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
    requestId: request.id,
    say: (key, values) => translate(locale, key, values),
    token: csrfTokens({ ring: web.secrets.ring, cookies: web.cookies }, request, reply),
  }
}

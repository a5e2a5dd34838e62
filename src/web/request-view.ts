import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { csrfTokens } from '../http/csrf.ts'
import { localeOf } from '../http/request-locale.ts'
import { type MessageKey, translate } from '../i18n/catalog.ts'
import type { MessageValues } from '../i18n/format.ts'
import type { Locale } from '../i18n/locale.ts'
import type { Assets } from './assets/load.ts'
import type { WebContext } from './context.ts'
import { chosenLocale } from './language.ts'
import type { Site } from './site.ts'

/** What a page knows about the site and its reader. */
export interface View {
  readonly locale: Locale
  readonly site: Site
  readonly assets: Assets
  /** The base path of the site; empty for none. */
  readonly base: string
  /** The public address of the site, with its base path but no trailing slash. */
  readonly publicUrl: string
  /** The email address of the reader's account; undefined for an anonymous reader. */
  readonly account: string | undefined
  /** Identifies the request in the log. */
  readonly requestId: string
  /** Translates a message into the reader's language. */
  say(key: MessageKey, values?: MessageValues): string
  /** Returns the CSRF token of a form. `action` is the form's path, below the base path. */
  csrfToken(action: string): string
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What the responding page knows about its reader. */
    view: View
  }
}

/** Decorates each request with its view, after the session has set the account. */
export const requestView = fp(
  async (app: FastifyInstance, { web }: { web: WebContext }) => {
    app.addHook('onRequest', async (request, reply) => {
      request.view = viewFor(web, request, reply)
    })
  },
  { name: 'request-view', dependencies: ['session'] },
)

/** Creates the view of a request. Rendering a form with it may set the CSRF cookie. */
export function viewFor(web: WebContext, request: FastifyRequest, reply: FastifyReply): View {
  const { site, defaultLocale, assets, base, cookies, secrets, policy } = web
  const locale = chosenLocale(request) ?? localeOf(request.headers, defaultLocale)
  return {
    locale,
    site,
    assets,
    base,
    publicUrl: policy.publicUrl,
    account: request.account?.email,
    requestId: request.id,
    say: (key, values) => translate(locale, key, values),
    csrfToken: csrfTokens({ ring: secrets.ring, cookies }, request, reply),
  }
}

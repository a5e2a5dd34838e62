import { type Cookies, createCookies } from '../http/cookies.ts'
import type { Locale } from '../i18n/locale.ts'
import type { SharingContext } from '../sharing/context.ts'
import { type Assets, loadAssets } from './assets/load.ts'
import type { Site } from './site.ts'

/** What the pages depend on. */
export interface WebContext extends SharingContext {
  readonly site: Site
  /** The language of clients that ask for no language with a catalog. */
  readonly defaultLocale: Locale
  /** The base path of the site, which precedes every path; empty for none. */
  readonly base: string
  readonly cookies: Cookies
  readonly assets: Assets
}

/** Creates the context of the pages and loads their assets. */
export function createWeb(context: SharingContext & Pick<WebContext, 'site' | 'defaultLocale'>): WebContext {
  const { protocol, pathname } = new URL(context.policy.publicUrl)
  const base = pathname.replace(/\/$/, '')
  const cookies = createCookies({ secure: protocol === 'https:', base })
  return { ...context, base, cookies, assets: loadAssets(context.site, base) }
}

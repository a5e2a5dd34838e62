import type { IncomingHttpHeaders } from 'node:http'
import { LOCALES } from '../i18n/catalog.ts'
import type { Locale } from '../i18n/locale.ts'
import { negotiateLocale } from '../i18n/negotiate.ts'

/** The cookie that keeps the language chosen on a page. */
export const LOCALE_COOKIE = 'language'

const CHOSEN = new RegExp(`(?:^|;) *${LOCALE_COOKIE}=([A-Za-z0-9-]+) *(?:;|$)`)

/** Returns the language of an answer: the one chosen on a page, else the client's best. */
export function localeOf(headers: IncomingHttpHeaders): Locale {
  const chosen = CHOSEN.exec(headers.cookie ?? '')?.[1]
  return knownLocale(chosen) ?? negotiateLocale(headers['accept-language'])
}

/** Returns the language that has this tag, if there is a catalog for it. */
export function knownLocale(tag: string | undefined): Locale | undefined {
  return LOCALES.find((locale) => locale === tag)
}

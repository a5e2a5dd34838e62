import type { IncomingHttpHeaders } from 'node:http'
import { LOCALES } from '../i18n/catalog.ts'
import type { Locale } from '../i18n/locale.ts'
import { negotiateLocale } from '../i18n/negotiate.ts'

/** The name of the cookie with the language chosen on a page. */
export const LOCALE_COOKIE = 'language'

const CHOSEN = new RegExp(`(?:^|;) *${LOCALE_COOKIE}=([A-Za-z0-9-]+) *(?:;|$)`)

/**
 * Returns the language of a response: the one chosen on a page, else the best match for Accept-Language.
 *
 * @param defaultLocale The language for readers who ask for none that has a catalog.
 */
export function localeOf(headers: IncomingHttpHeaders, defaultLocale: Locale): Locale {
  const chosen = CHOSEN.exec(headers.cookie ?? '')?.[1]
  return knownLocale(chosen) ?? negotiateLocale(headers['accept-language'], LOCALES, defaultLocale)
}

/** Returns the language with this tag, if it has a catalog. */
export function knownLocale(tag: string | undefined): Locale | undefined {
  return LOCALES.find((locale) => locale === tag)
}

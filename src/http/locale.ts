import type { IncomingHttpHeaders } from 'node:http'
import { LOCALES, type Locale } from '../i18n/catalog.ts'
import { negotiateLocale } from '../i18n/negotiate.ts'

/** The cookie that keeps the language which a person chose on a page. */
export const LOCALE_COOKIE = 'language'

const CHOSEN = new RegExp(`(?:^|;) *${LOCALE_COOKIE}=([a-z]{2})(?:;|$)`)

/** @returns The language of an answer: the one chosen on a page, else the best of the client's. */
export function localeOf(headers: IncomingHttpHeaders): Locale {
  const chosen = CHOSEN.exec(headers.cookie ?? '')?.[1]
  return asLocale(chosen) ?? negotiateLocale(headers['accept-language'])
}

/** @returns The text, if it names a language that the catalogs speak. */
export function asLocale(text: string | undefined): Locale | undefined {
  return LOCALES.find((locale) => locale === text)
}

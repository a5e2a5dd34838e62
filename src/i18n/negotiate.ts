import Negotiator from 'negotiator'
import { FALLBACK_LOCALE, LOCALES } from './catalog.ts'
import type { Locale } from './locale.ts'

/**
 * Chooses the language of a response. Tries the client's ranges by descending weight (RFC 9110, section 12.5.4). Each
 * matches the longest tag that is its prefix (RFC 4647, section 3.4, "Lookup"), else another region of its language.
 *
 * @param header The Accept-Language header.
 * @returns The first match, else English.
 */
export function negotiateLocale(header = '', locales: readonly Locale[] = LOCALES): Locale {
  const ranges = new Negotiator({ headers: { 'accept-language': header } }).languages()
  for (const range of ranges) {
    const found = lookUp(range.toLowerCase(), locales)
    if (found !== undefined) return found
  }
  return FALLBACK_LOCALE
}

function lookUp(range: string, locales: readonly Locale[]): Locale | undefined {
  const prefixes = locales.filter((locale) => `${range}-`.startsWith(`${locale.toLowerCase()}-`))
  const longest = prefixes.sort((a, b) => b.length - a.length)[0]
  return longest ?? locales.find((locale) => languageOf(locale) === languageOf(range))
}

function languageOf(tag: string): string | undefined {
  return tag.split('-', 1)[0]
}

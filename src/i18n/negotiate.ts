import Negotiator from 'negotiator'
import { FALLBACK_LOCALE, LOCALES } from './catalog.ts'
import type { Locale } from './locale.ts'

/**
 * Chooses the language of a response. Tries the client's ranges by descending weight (RFC 9110, section 12.5.4). Each
 * matches the longest tag that is its prefix (RFC 4647, section 3.4, "Lookup"), else another region of its language;
 * first among the tags in its script, because readers of traditional Chinese in Hong Kong prefer `zh-TW` to `zh`.
 *
 * @param header The Accept-Language header.
 * @param fallback The language when no range matches.
 * @returns The first match, else `fallback`.
 */
export function negotiateLocale(
  header = '',
  locales: readonly Locale[] = LOCALES,
  fallback = FALLBACK_LOCALE,
): Locale {
  const ranges = new Negotiator({ headers: { 'accept-language': header } }).languages()
  for (const range of ranges) {
    const found = lookUp(range.toLowerCase(), locales)
    if (found !== undefined) return found
  }
  return fallback
}

function lookUp(range: string, locales: readonly Locale[]): Locale | undefined {
  const related = locales.filter((locale) => languageOf(locale) === languageOf(range))
  if (related.length < 2) return related[0]
  const script = scriptOf(range)
  const readable = related.filter((locale) => scriptOf(locale) === script)
  const candidates = readable.length > 0 ? readable : related
  const prefixes = candidates.filter((locale) => `${range}-`.startsWith(`${locale.toLowerCase()}-`))
  return prefixes.sort((a, b) => b.length - a.length)[0] ?? candidates[0]
}

function languageOf(tag: string): string | undefined {
  return tag.split('-', 1)[0]
}

/** Returns the usual script of a range; undefined if the range is malformed. */
function scriptOf(range: string): string | undefined {
  try {
    return new Intl.Locale(range).maximize().script
  } catch {
    return undefined
  }
}

import { LOCALES, type Locale } from './catalog.ts'

/**
 * Chooses the language of an answer: the client's ranges by falling weight (RFC 9110, section 12.5.4), each cut
 * from its end until it names a catalog (RFC 4647, section 3.4, "Lookup"). Parts that are malformed are passed over.
 * @param header The Accept-Language header as it came.
 * @returns The first language that both sides speak, else English.
 */
export function negotiateLocale(header: string | undefined): Locale {
  const ranges = (header ?? '').split(',').map(parseRange)
  ranges.sort((a, b) => b.weight - a.weight)
  for (const { tag, weight } of ranges) {
    const found = weight > 0 ? lookUp(tag) : undefined
    if (found !== undefined) return found
  }
  return LOCALES[0]
}

/** @returns The tag in lower case and its weight, 0 for what is malformed: 0 means "not acceptable". */
function parseRange(text: string): { readonly tag: string; readonly weight: number } {
  const [, tag = '', weight = '1'] =
    /^\s*([a-z]{1,8}(?:-[a-z0-9]{1,8})*)\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?$/i.exec(text) ?? []
  return { tag: tag.toLowerCase(), weight: tag === '' ? 0 : Math.min(Number(weight), 1) }
}

function lookUp(tag: string): Locale | undefined {
  const language = tag.split('-', 1)[0]
  return LOCALES.find((locale) => locale === language)
}

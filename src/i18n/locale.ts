import type { Brand } from '../brand.ts'

/** A language, by its canonical BCP 47 tag: `it`, `pt-BR`. */
export type Locale = Brand<string, 'Locale'>

/**
 * Parses a language tag.
 *
 * @param tag In canonical form (RFC 5646, section 4.5): `pt-BR`, not `pt_br`.
 * @throws RangeError for any other text.
 */
export function parseLocale(tag: string): Locale {
  if (Intl.getCanonicalLocales(tag)[0] !== tag) throw new RangeError(`not a canonical language tag: ${tag}`)
  return tag as Locale
}

/**
 * Returns the tag whose conventions a language follows: plural rules, numbers, dates and times. CLDR takes `pt` for
 * Brazilian, which has a catalog of its own.
 */
export function conventionsOf(locale: string): string {
  return locale === 'pt' ? 'pt-PT' : locale
}

/** Returns the writing direction of a language's usual script. */
export function directionOf(locale: Locale): 'ltr' | 'rtl' {
  // Node 20 and 22 have the draft's property, later versions the standard's method. TypeScript declares neither.
  const language = new Intl.Locale(locale) as Intl.Locale & {
    readonly textInfo?: TextInfo
    getTextInfo?(): TextInfo
  }
  return (language.getTextInfo?.() ?? language.textInfo)?.direction ?? 'ltr'
}

interface TextInfo {
  readonly direction: 'ltr' | 'rtl'
}

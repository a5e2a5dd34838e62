import type { Brand } from '../brand.ts'

/** A language, by its canonical BCP 47 tag: `it`, `pt-BR`. */
export type Locale = Brand<string, 'Locale'>

/**
 * Reads a language tag.
 *
 * @param tag In canonical form (RFC 5646, section 4.5): `pt-BR`, not `pt_br`.
 * @throws RangeError for any other text.
 */
export function parseLocale(tag: string): Locale {
  if (Intl.getCanonicalLocales(tag)[0] !== tag) throw new RangeError(`not a canonical language tag: ${tag}`)
  return tag as Locale
}

/** Returns which way the usual script of a language runs. */
export function directionOf(locale: Locale): 'ltr' | 'rtl' {
  // Node 20 and 22 have the property of the draft, later versions the method of the standard; TypeScript knows neither.
  const language = new Intl.Locale(locale) as Intl.Locale & {
    readonly textInfo?: TextInfo
    getTextInfo?(): TextInfo
  }
  return (language.getTextInfo?.() ?? language.textInfo)?.direction ?? 'ltr'
}

interface TextInfo {
  readonly direction: 'ltr' | 'rtl'
}

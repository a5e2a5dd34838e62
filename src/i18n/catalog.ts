import { readFileSync } from 'node:fs'
import type english from './locales/en.json'

/** The languages that the catalogs speak; the first stands in for all others. */
export const LOCALES = ['en', 'it', 'de', 'fr', 'es', 'pt', 'nl', 'pl', 'ja', 'zh', 'ar', 'uk'] as const

/** A BCP 47 tag of a catalog. */
export type Locale = (typeof LOCALES)[number]

/** The name of a message, the area in front: `mail.subject`. */
export type MessageKey = keyof typeof english

/** What stands in a message's `{placeholders}`, by name. */
export type MessageValues = Readonly<Record<string, string | number>>

/** A text, or one for each plural category that the language has (CLDR), chosen by the value named `count`. */
export type Message = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>

const catalogs = new Map(LOCALES.map((locale) => [locale, read(locale)]))

/**
 * @param locale The language of the text.
 * @param key Which message.
 * @param values For every placeholder of the message; they are put in as they are, so the caller escapes.
 * @throws RangeError when a placeholder has no value.
 */
export function translate(locale: Locale, key: MessageKey, values: MessageValues = {}): string {
  const message = catalogs.get(locale)?.[key]
  if (message === undefined) throw new RangeError(`no message ${key} in ${locale}`)
  return format(locale, message, values)
}

/** @returns Which way the language is written. */
export function directionOf(locale: Locale): 'ltr' | 'rtl' {
  return locale === 'ar' ? 'rtl' : 'ltr'
}

/**
 * @param locale Whose plural rules apply.
 * @param message With `{placeholders}`; what their values contain is not looked at again.
 * @param values By placeholder.
 * @throws RangeError when a placeholder or the plural category has nothing to stand there.
 */
export function format(locale: Locale, message: Message, values: MessageValues): string {
  const text = typeof message === 'string' ? message : message[pluralOf(locale, values['count'])]
  if (text === undefined) throw new RangeError(`a plural form is missing in ${locale}`)
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new RangeError(`nothing stands for {${name}}`)
    return typeof value === 'number' ? new Intl.NumberFormat(locale).format(value) : value
  })
}

function pluralOf(locale: Locale, count: string | number | undefined): Intl.LDMLPluralRule {
  if (typeof count !== 'number') throw new RangeError('a message with plural forms needs a number as {count}')
  return new Intl.PluralRules(locale).select(count)
}

function read(locale: Locale): Readonly<Record<MessageKey, Message>> {
  return JSON.parse(readFileSync(new URL(`./locales/${locale}.json`, import.meta.url), 'utf8'))
}

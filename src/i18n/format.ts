import { conventionsOf } from './locale.ts'

/** A text, or one text per plural category of the language (CLDR), selected by the value `count`. */
export type Message = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>

/** The values of a message's `{placeholders}`, by name. */
export type MessageValues = Readonly<Record<string, string | number>>

/**
 * Fills in the placeholders of a message.
 *
 * @param locale BCP 47 tag; its plural rules and number format apply.
 * @param message With `{placeholders}`. Braces in values are not placeholders.
 * @param values By placeholder, inserted unescaped. Numbers are formatted for the language.
 * @throws RangeError when a placeholder has no value or the message lacks the plural form.
 */
export function format(locale: string, message: Message, values: MessageValues): string {
  const text = typeof message === 'string' ? message : message[pluralOf(locale, values['count'])]
  if (text === undefined) throw new RangeError(`a plural form is missing in ${locale}`)
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new RangeError(`no value for {${name}}`)
    return typeof value === 'number' ? new Intl.NumberFormat(conventionsOf(locale)).format(value) : value
  })
}

function pluralOf(locale: string, count: string | number | undefined): Intl.LDMLPluralRule {
  if (typeof count !== 'number') throw new RangeError('a message with plural forms needs a number as {count}')
  return new Intl.PluralRules(conventionsOf(locale)).select(count)
}

import { type Seconds, seconds } from '../time.ts'

/** Parses and documents one kind of setting. */
export interface ValueType<T> {
  /** Describes the accepted text, to follow "it takes" in the documentation and in faults. */
  readonly accepts: string
  /** The part of the rule that a tool can check without calling `parse`, such as an editor of Helm values. */
  readonly schema?: TextSchema
  /** Parses the text. @throws Rejection when it is invalid. */
  readonly parse: (text: string) => T
}

/** JSON Schema keywords about a text: `minimum` and `maximum`, both inclusive, are about the number that it spells. */
export interface TextSchema {
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
}

/**
 * The reason why a text is invalid. Since it may be logged, it names a position and a rule, but quotes no part of the text.
 * It may be empty where "it takes …" says enough.
 */
export class Rejection extends Error {
  override readonly name = 'Rejection'
}

const WHOLE_NUMBER = /^(0|[1-9]\d{0,14})$/

/** A decimal whole number within inclusive bounds. */
export function wholeNumber(minimum: number, maximum: number, unit = ''): ValueType<number> {
  return {
    accepts: `a whole number${unit && ` of ${unit}`} from ${minimum} to ${maximum}`,
    schema: { pattern: WHOLE_NUMBER.source, minimum, maximum },
    parse: (text) => {
      const value = Number(text)
      if (!WHOLE_NUMBER.test(text) || value < minimum || value > maximum) throw new Rejection()
      return value
    },
  }
}

/** A duration as a whole number of seconds within inclusive bounds. */
export function wholeSeconds(minimum: number, maximum: number): ValueType<Seconds> {
  const number = wholeNumber(minimum, maximum, 'seconds')
  return { ...number, parse: (text) => seconds(number.parse(text)) }
}

/** `on` or `off`. Other spellings are rejected, because a misread one would fail open. */
export const onOff: ValueType<boolean> = {
  accepts: '`on` or `off`',
  schema: { enum: ['on', 'off'] },
  parse: (text) => {
    if (text !== 'on' && text !== 'off') throw new Rejection()
    return text === 'on'
  },
}

/** One of several words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): ValueType<Word> {
  return {
    accepts: `one of ${words.map((word) => `\`${word}\``).join(' ')}`,
    schema: { enum: words },
    parse: (text) => {
      const found = words.find((word) => word === text)
      if (found === undefined) throw new Rejection()
      return found
    },
  }
}

/** A word, or a value of another type. */
export function wordOr<const Word extends string, T>(word: Word, other: ValueType<T>): ValueType<Word | T> {
  const { pattern = '', ...bounds } = other.schema ?? {}
  return {
    accepts: `${other.accepts}, or \`${word}\``,
    schema: { ...bounds, pattern: `^${word}$|${pattern}` },
    parse: (text) => (text === word ? word : other.parse(text)),
  }
}

/**
 * A text that matches a pattern.
 *
 * @param accepts Describes the pattern in words.
 * @param pattern Matches the whole text.
 */
export function matching(accepts: string, pattern: RegExp): ValueType<string> {
  return {
    accepts,
    schema: { pattern: pattern.source },
    parse: (text) => {
      if (!pattern.test(text)) throw new Rejection()
      return text
    },
  }
}

/**
 * A list separated by commas. Blanks around an item are dropped; an empty item is rejected.
 *
 * @param accepts Describes the whole list in words.
 * @param item Parses one item; its Rejection is reported with the item's position, counted from 1.
 * @param unique A property that must differ between items: its name, and a function that returns it.
 */
export function listOf<T>(
  accepts: string,
  item: (text: string) => T,
  unique?: readonly [what: string, of: (item: T) => string],
): ValueType<readonly T[]> {
  return {
    accepts,
    parse: (text) => {
      const items = text.split(',').map((part, index) => located(index, () => item(part.trim())))
      if (unique !== undefined) {
        const keys = items.map(unique[1])
        const repeated = keys.findIndex((key, index) => keys.indexOf(key) !== index)
        if (repeated !== -1)
          throw new Rejection(`entry ${repeated + 1} repeats the ${unique[0]} of an earlier one`)
      }
      return items
    },
  }
}

function located<T>(index: number, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof Rejection)) throw error
    throw new Rejection(`entry ${index + 1} ${error.message || 'is malformed'}`)
  }
}

import { describe, expect, it } from 'vitest'
import { LOCALES } from '../../src/i18n/catalog.ts'
import { catalogOf, formsOf, textsOf } from './catalogs.ts'
import { GUIDE } from './translation-guide.ts'

/** Without `’`, which is the apostrophe. */
const QUOTES = /["'`´“”„‟‘‚‛«»‹›「」『』《》]/gu
const CJK = '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}]'

/** Returns the texts of a language in which a pattern is found, so that a failure shows them. */
const textsWith = (locale: string, pattern: RegExp) =>
  textsOf(locale).filter(([, text]) => pattern.test(text))

/** Ends of sentences and introductions; a text that has one in English has one in each language. */
const endOf = (text: string) => /[.。!！?？؟:：…]$/u.test(text)

describe.each(LOCALES)('the catalog of %s', (locale) => {
  it('has neither double spaces, nor spaces at an end, nor one before a comma or full stop', () => {
    expect(textsWith(locale, /\s{2}|^\s|\s$|\s[.,،。，)\]]|[([]\s/u)).toEqual([])
  })

  it('writes an ellipsis as one character, and no ASCII apostrophe', () => {
    expect(textsWith(locale, /\.\.|。。|'|\p{L}[‘´`]\p{L}/u)).toEqual([])
  })

  it('uses only the quotation marks of the language, in pairs', () => {
    const [open = '', close = ''] = (GUIDE.get(locale)?.['Quotes'] ?? '').replaceAll('`', '').split(' ')
    const foreign = textsOf(locale).filter(([, text]) => {
      const marks = text.match(QUOTES) ?? []
      return marks.some((mark, index) => mark !== (index % 2 === 0 ? open : close)) || marks.length % 2 > 0
    })
    expect(foreign).toEqual([])
  })

  it('ends a text with a mark where the English text does, and nowhere else', () => {
    const english = catalogOf('en')
    const differing = Object.entries(catalogOf(locale)).filter(([key, message]) => {
      const expected = formsOf(english[key] ?? '').every(endOf)
      return formsOf(message).some((text) => endOf(text) !== expected)
    })
    expect(differing).toEqual([])
  })

  it('keeps short what is short in English, so that it fits on a screen 320 pixels wide', () => {
    const english = catalogOf('en')
    const long = textsOf(locale).filter(([key, text]) => {
      const original = formsOf(english[key] ?? '').join()
      return original.length < 26 && widthOf(text) > 45
    })
    expect(long).toEqual([])
  })
})

it('French has a no-break space before each : ; ! ? and inside « »', () => {
  expect(textsWith('fr', /[^\u00A0][:;!?»]|«[^\u00A0]/)).toEqual([])
})

it('Spanish opens each question and exclamation', () => {
  const count = (text: string, mark: string) => text.split(mark).length
  const unopened = textsOf('es').filter(
    ([, text]) => count(text, '¿') !== count(text, '?') || count(text, '¡') !== count(text, '!'),
  )
  expect(unopened).toEqual([])
})

it('Arabic has its own question mark, comma and semicolon', () => {
  expect(textsWith('ar', /[?,;]/)).toEqual([])
})

describe.each(['ja', 'zh', 'zh-TW'])('the catalog of %s', (locale) => {
  it('has full-width marks', () => {
    expect(textsWith(locale, new RegExp(`${CJK}[,.:;!?()]|[,.:;!?()]${CJK}|\\.$`, 'u'))).toEqual([])
  })

  it('has a space between its characters and Latin letters, digits or values', () => {
    const touching = new RegExp(`${CJK}[a-z0-9{]|[a-z0-9}]${CJK}`, 'iu')
    // Relative times are in the language itself.
    const texts = textsOf(locale).filter(([, text]) => touching.test(text.replaceAll('{time}', '')))
    expect(texts).toEqual([])
  })
})

it.each([
  ['zh', 'simplified', 'gbk', [0xb0, 0xf7]],
  ['zh-TW', 'traditional', 'big5', [0xa4, 0xf9]],
] as const)('the catalog of %s has %s characters only', (locale, _, encoding, [first, last]) => {
  const known = charactersOf(encoding, first, last)
  const foreign = textsOf(locale).flatMap(([key, text]) =>
    (text.match(/\p{Script=Han}/gu) ?? [])
      .filter((character) => !known.has(character))
      .map((character) => [key, character]),
  )
  expect(foreign).toEqual([])
})

/** Returns the width of a text in Latin letters, about. */
function widthOf(text: string): number {
  return text.length + (text.match(new RegExp(CJK, 'gu')) ?? []).length
}

/** Returns the Han characters of GB 2312 or of Big5, which have two bytes there: the first in these bounds, the second above 0xa0 or, in Big5, above 0x3f. */
function charactersOf(encoding: 'gbk' | 'big5', first: number, last: number): ReadonlySet<string> {
  const decoder = new TextDecoder(encoding)
  const characters = new Set<string>()
  for (let lead = first; lead <= last; lead++)
    for (let trail = encoding === 'gbk' ? 0xa1 : 0x40; trail <= 0xfe; trail++)
      characters.add(decoder.decode(Uint8Array.of(lead, trail)))
  return characters
}

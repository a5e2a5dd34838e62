import { describe, expect, it } from 'vitest'
import { FALLBACK_LOCALE, LOCALES } from '../../src/i18n/catalog.ts'
import { catalogOf, formsOf, textsOf } from './catalogs.ts'
import { alternativesIn, GUIDE, plain, termPattern, wordPattern } from './translation-guide.ts'

const TERMS = [
  ...['secret', 'link', 'passphrase', 'password', 'receipt', 'sender', 'recipient'],
  ...['open', 'delete', 'expire', 'attempt', 'account', 'note'],
]

const english = catalogOf(FALLBACK_LOCALE)
const englishTerms = GUIDE.get(FALLBACK_LOCALE) ?? {}

const matchesAny = (cell: string, text: string) =>
  alternativesIn(cell).some((form) => termPattern(form).test(plain(text)))

it('docs/translations.md has a row for each language in each table, with every cell filled in', () => {
  expect([...GUIDE.keys()].sort()).toEqual([...LOCALES])
  for (const [locale, row] of GUIDE) {
    for (const title of ['Reader', 'Quotes', ...TERMS])
      expect(row[title], `${locale}: ${title}`).toMatch(/\S/)
  }
})

describe.each(LOCALES)('the catalog of %s', (locale) => {
  it.each(TERMS)('has its term for "%s" wherever the English text has the English one', (term) => {
    const cell = GUIDE.get(locale)?.[term] ?? ''
    const texts = Object.entries(catalogOf(locale)).filter(([key]) => {
      const original = formsOf(english[key] ?? '')
        .join(' ')
        .replaceAll(/\{\w+\}/g, '')
      return alternativesIn(englishTerms[term] ?? '').some((form) => wordPattern(`${form}·`).test(original))
    })
    expect(texts.length).toBeGreaterThan(0)
    const without = texts.filter(([, message]) => !formsOf(message).every((text) => matchesAny(cell, text)))
    expect(without).toEqual([])
  })

  it('has no word that the guide excludes', () => {
    const excluded = alternativesIn(GUIDE.get(locale)?.['Not'] ?? '')
    const found = textsOf(locale).filter(([, text]) => excluded.some((word) => wordPattern(word).test(text)))
    expect(found).toEqual([])
  })
})

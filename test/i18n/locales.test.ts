import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { FALLBACK_LOCALE, LOCALES } from '../../src/i18n/catalog.ts'
import { conventionsOf, type Locale } from '../../src/i18n/locale.ts'
import { catalogOf, FOLDER, formsOf, textOf } from './catalogs.ts'

const placeholdersOf = (text: string) => [...new Set(text.match(/\{[^}]*\}/g) ?? [])].sort()

const english = catalogOf('en')
const keys = Object.keys(english)

/** Returns the texts of a catalog beside the English ones; another test finds missing ones. */
function pairsOf(locale: Locale) {
  return Object.entries(catalogOf(locale)).flatMap(([key, message]) => {
    const original = english[key]
    return original === undefined ? [] : [{ key, message, original }]
  })
}

it('the folder of catalogs holds one file for every language, and no other', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(LOCALES.map((locale) => `${locale}.json`).sort())
})

describe.each(LOCALES)('the catalog of %s', (locale) => {
  const pairs = pairsOf(locale)

  it('has the keys of the English one, in its order, no key twice', () => {
    const catalog = catalogOf(locale)
    expect(Object.keys(catalog)).toEqual(keys)
    expect(textOf(locale)).toBe(`${JSON.stringify(catalog, null, 2)}\n`)
  })

  it('names every key by its area', () => {
    for (const key of keys) expect(key).toMatch(/^[a-z]+(\.[a-z0-9_]+)+$/)
  })

  it('has a text for every key, trimmed, in normal form C, and without markup', () => {
    for (const { key, message } of pairs) {
      for (const text of formsOf(message)) {
        expect(text, key).toMatch(/\S/)
        expect(text, key).toBe(text.trim().normalize('NFC'))
        expect(text, key).not.toMatch(/[<>\p{Cc}\uFFFD]/u)
      }
    }
  })

  it('has the placeholders of the English texts', () => {
    for (const { key, message, original } of pairs) {
      const expected = placeholdersOf(formsOf(original).join())
      expect(placeholdersOf(formsOf(message).join()), key).toEqual(expected)
      // A plural form may spell its number out; everything else stands in each form.
      const always = expected.filter((name) => name !== '{count}')
      for (const text of formsOf(message))
        expect(placeholdersOf(text), key).toEqual(expect.arrayContaining(always))
    }
  })

  it('has exactly the plural forms of the language where the English text has forms', () => {
    const categories = new Intl.PluralRules(conventionsOf(locale)).resolvedOptions().pluralCategories
    for (const { key, message, original } of pairs) {
      expect(typeof message, key).toBe(typeof original)
      if (typeof message !== 'string')
        expect(Object.keys(message).sort(), key).toEqual([...categories].sort())
    }
  })
})

const translated = LOCALES.filter((locale) => locale !== FALLBACK_LOCALE)

it.each(translated)('the catalog of %s leaves no longer text in English', (locale) => {
  for (const { key, message, original } of pairsOf(locale)) {
    const texts = formsOf(message).filter((text) => text.length > 24)
    for (const text of texts) expect(formsOf(original), key).not.toContain(text)
  }
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LOCALES } from '../../src/i18n/catalog.ts'
import { parseLocale } from '../../src/i18n/locale.ts'
import { negotiateLocale } from '../../src/i18n/negotiate.ts'
import { holds } from '../support/properties.ts'

// Explicit, so that a language may be added without a change here.
const TAGS = 'ar de en es fr it ja nl pl pt pt-BR uk zh zh-TW'.split(' ').map(parseLocale)

describe('negotiateLocale', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['*', 'en'],
    ['it', 'it'],
    ['IT-it', 'it'],
    ['pt-BR,pt;q=0.9', 'pt-BR'],
    ['PT-br', 'pt-BR'],
    ['pt', 'pt'],
    ['pt-PT', 'pt'],
    ['pt-AO', 'pt'],
    ['pt-Latn-BR', 'pt'],
    ['zh', 'zh'],
    ['zh-CN', 'zh'],
    ['zh-SG', 'zh'],
    ['zh-Hans', 'zh'],
    ['zh-Hans-HK', 'zh'],
    ['zh-TW', 'zh-TW'],
    ['zh-tw,zh;q=0.9,en;q=0.8', 'zh-TW'],
    ['zh-HK', 'zh-TW'],
    ['zh-MO', 'zh-TW'],
    ['zh-Hant', 'zh-TW'],
    ['zh-Hant-HK', 'zh-TW'],
    ['zh-Hant-TW', 'zh-TW'],
    ['zh-HK,en;q=0.5', 'zh-TW'],
    ['de-CH-1996', 'de'],
    ['sv', 'en'],
    ['sv, da;q=0.9, uk;q=0.1', 'uk'],
    ['fr;q=0.5, es;q=0.8', 'es'],
    ['fr;q=0.5,es;q=0.5', 'fr'],
    ['fr ; q=0.5 , es ;q=0.6', 'es'],
    ['fr;q=0, nl;q=0.001', 'nl'],
    ['fr;q=0.000', 'en'],
    ['*;q=1, ja;q=0.5', 'ja'],
    ['en-GB,en;q=0.9,it;q=0.8', 'en'],
  ])('answers %j in %s (RFC 9110, section 12.5.4; RFC 4647, section 3.4)', (header, locale) => {
    expect(negotiateLocale(header, TAGS)).toBe(locale)
  })

  it.each([
    [',,,;;;', 'en'],
    ['italiano1234', 'en'],
    ['it_IT', 'en'],
    ['zh-X, it', 'zh'],
    ['pt-toolongasubtag', 'pt'],
    ['../../etc/passwd, pl', 'pl'],
    ['__proto__, constructor, toString', 'en'],
  ])('skips malformed ranges: answers %j in %s', (header, locale) => {
    expect(negotiateLocale(header, TAGS)).toBe(locale)
  })

  it.each([
    ['it;q=x', 'en'],
    ['it;q=-1', 'en'],
    ['it;q=2, fr;q=0.1', 'it'],
    ['it;q=0.1234', 'it'],
    ['it;q=', 'it'],
  ])('tolerates malformed weights: answers %j in %s', (header, locale) => {
    expect(negotiateLocale(header, TAGS)).toBe(locale)
  })

  it.each([
    ['pt', ['en', 'pt', 'pt-BR'], 'pt'],
    ['pt', ['en', 'pt-BR'], 'pt-BR'],
    ['pt-BR', ['en', 'pt', 'pt-BR'], 'pt-BR'],
    ['pt-br;q=0.9,en;q=0.8', ['en', 'pt', 'pt-BR'], 'pt-BR'],
    ['pt-PT', ['en', 'pt', 'pt-BR'], 'pt'],
    ['pt-PT, fr;q=0.9', ['en', 'fr', 'pt-BR'], 'pt-BR'],
    ['zh-TW', ['en', 'zh', 'zh-TW'], 'zh-TW'],
    ['zh-TW,zh;q=0.9,en;q=0.8', ['en', 'zh'], 'zh'],
    ['zh-Hant-TW', ['en', 'zh', 'zh-Hant'], 'zh-Hant'],
    ['zh-HK', ['en', 'zh', 'zh-TW'], 'zh-TW'],
    ['zh-TW', ['en', 'zh-HK'], 'zh-HK'],
    ['zh-Hant', ['en', 'zh', 'zh-HK', 'zh-TW'], 'zh-HK'],
    ['sr-Latn-RS', ['en', 'sr', 'sr-Latn'], 'sr-Latn'],
    ['sr-RS', ['en', 'sr', 'sr-Latn'], 'sr'],
    ['fil', ['en', 'fi'], 'en'],
    ['he-IL', ['en', 'he'], 'he'],
  ])('answers %j, given %j, in %s', (header, tags, locale) => {
    expect(negotiateLocale(header, tags.map(parseLocale))).toBe(locale)
  })

  it('answers in the default language when none is asked for, and only then', () => {
    const german = parseLocale('de')
    for (const header of [undefined, '', '*', 'sv, da;q=0.5']) {
      expect(negotiateLocale(header, TAGS, german)).toBe('de')
    }
    expect(negotiateLocale('sv, it;q=0.1', TAGS, german)).toBe('it')
  })

  it('returns a language of the pages for any header', async () => {
    await holds(
      fc.property(fc.string({ unit: 'binary' }), (header) => LOCALES.includes(negotiateLocale(header))),
    )
  })

  // Quadratic work on it would outlast the test.
  it('reads a header of a million subtags', () => {
    expect(negotiateLocale(`${'a-'.repeat(1_000_000)}${',it;q=0.5'.repeat(5000)}`)).toBe('it')
  })
})

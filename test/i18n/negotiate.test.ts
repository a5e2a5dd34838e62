import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LOCALES } from '../../src/i18n/catalog.ts'
import { negotiateLocale } from '../../src/i18n/negotiate.ts'

describe('the language of an answer', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['*', 'en'],
    ['it', 'it'],
    ['IT-it', 'it'],
    ['pt-BR,pt;q=0.9', 'pt'],
    ['zh-TW', 'zh'],
    ['zh-Hant-HK', 'zh'],
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
  ])('%j is %s (RFC 9110, section 12.5.4; RFC 4647, section 3.4)', (header, locale) => {
    expect(negotiateLocale(header)).toBe(locale)
  })

  it.each([
    [',,,;;;', 'en'],
    ['it;q=x', 'en'],
    ['it;q=2, fr;q=0.1', 'fr'],
    ['it;q=-1', 'en'],
    ['it;q=0.1234', 'en'],
    ['it;q=', 'en'],
    ['italiano1234', 'en'],
    ['it_IT', 'en'],
    ['../../etc/passwd, pl', 'pl'],
    ['__proto__, constructor, toString', 'en'],
  ])('passes over what is malformed: %j is %s', (header, locale) => {
    expect(negotiateLocale(header)).toBe(locale)
  })

  it('is one of ours for any header, and soon', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (header) => LOCALES.includes(negotiateLocale(header))),
    )
    const started = performance.now()
    negotiateLocale(`${'a-'.repeat(50_000)}${',it;q=0.5'.repeat(5000)}`)
    expect(performance.now() - started).toBeLessThan(500)
  })
})

import { describe, expect, it } from 'vitest'
import { FALLBACK_LOCALE, LOCALES, translate } from '../../src/i18n/catalog.ts'
import { directionOf, parseLocale } from '../../src/i18n/locale.ts'

describe('translate', () => {
  it('returns a message in the language asked for', () => {
    const values = { sender: 'ana@example.com' }
    expect(translate(FALLBACK_LOCALE, 'email.subject', values)).toBe(
      'ana@example.com sent you a secret that opens once',
    )
    expect(translate(parseLocale('it'), 'email.subject', values)).toContain('ti ha mandato un segreto')
  })

  it('throws when a placeholder has no value', () => {
    expect(() => translate(FALLBACK_LOCALE, 'email.subject')).toThrow(RangeError)
  })

  it('throws for a language that has no catalog', () => {
    expect(() => translate(parseLocale('tlh'), 'nav.new')).toThrow(RangeError)
  })
})

describe('directionOf', () => {
  const OWN = ['ar', 'de', 'en', 'es', 'fr', 'it', 'ja', 'nl', 'pl', 'pt', 'pt-BR', 'uk', 'zh', 'zh-TW']

  it('returns right to left for Arabic alone among the languages that come with the server', () => {
    const own = LOCALES.filter((locale) => OWN.includes(locale))
    expect(own).toEqual(OWN)
    expect(own.filter((locale) => directionOf(locale) === 'rtl')).toEqual(['ar'])
  })

  it.each([
    ['he', 'rtl'],
    ['fa-IR', 'rtl'],
    ['ur', 'rtl'],
    ['zh-TW', 'ltr'],
    ['pt-BR', 'ltr'],
  ])('knows the script of %s: %s', (tag, direction) => {
    expect(directionOf(parseLocale(tag))).toBe(direction)
  })
})

it.each(['', 'pt_BR', 'pt-br', 'PT', 'en-', '../en', 'en '])(
  'parseLocale rejects %j, which is not a canonical language tag',
  (tag) => {
    expect(() => parseLocale(tag)).toThrow(RangeError)
  },
)

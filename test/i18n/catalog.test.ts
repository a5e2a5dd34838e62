import { describe, expect, it } from 'vitest'
import { directionOf, format, LOCALES, translate } from '../../src/i18n/catalog.ts'

describe('a message', () => {
  it('is given in the language asked for', () => {
    const values = { sender: 'ana@example.com' }
    expect(translate('en', 'mail.subject', values)).toBe('ana@example.com sent you a message that opens once')
    expect(translate('it', 'mail.subject', values)).toContain('ti ha mandato un messaggio')
  })

  it('takes each value once: what a value contains is not looked at again', () => {
    expect(format('en', '{a} and {b}', { a: '{b} $& $1', b: '2' })).toBe('{b} $& $1 and 2')
  })

  it('is not given with a hole in it', () => {
    expect(() => translate('en', 'mail.subject')).toThrow(RangeError)
  })

  it('writes numbers as the language does', () => {
    expect(format('de', '{size} Bytes', { size: 10_000 })).toBe('10.000 Bytes')
  })
})

describe('plural forms', () => {
  const days = { one: '{count} dzień', few: '{count} dni', many: '{count} dni', other: '{count} dnia' }

  it.each([
    [1, '1 dzień'],
    [3, '3 dni'],
    [5, '5 dni'],
    [1.5, '1,5 dnia'],
  ])('follow the language: %d in Polish', (count, text) => {
    expect(format('pl', days, { count })).toBe(text)
  })

  it('need a number and a form for it', () => {
    expect(() => format('pl', days, { count: '3' })).toThrow(RangeError)
    expect(() => format('pl', days, {})).toThrow(RangeError)
    expect(() => format('ar', days, { count: 2 })).toThrow(RangeError)
  })
})

it('Arabic is written from right to left, the others from left to right', () => {
  expect(LOCALES.filter((locale) => directionOf(locale) === 'rtl')).toEqual(['ar'])
})

import { describe, expect, it } from 'vitest'
import { format } from '../../src/i18n/format.ts'

describe('format', () => {
  it('replaces each placeholder once, whatever a value contains', () => {
    expect(format('en', '{a} and {b}', { a: '{b} $& $1', b: '2' })).toBe('{b} $& $1 and 2')
  })

  it('writes numbers as the language does', () => {
    expect(format('de', '{size} Bytes', { size: 10_000 })).toBe('10.000 Bytes')
  })

  it('takes pt for European Portuguese, not for Brazilian as CLDR does', () => {
    expect(format('pt', '{size} bytes', { size: 10_000 })).toBe('10\u00A0000 bytes')
    expect(format('pt-BR', '{size} bytes', { size: 10_000 })).toBe('10.000 bytes')
    const attempts = { one: 'uma', many: 'muitas', other: '{count}' }
    expect(format('pt', attempts, { count: 0 })).toBe('0')
    expect(format('pt-BR', attempts, { count: 0 })).toBe('uma')
  })
})

describe('plural forms', () => {
  const days = { one: '{count} dzień', few: '{count} dni', many: '{count} dni', other: '{count} dnia' }

  it.each([
    [1, '1 dzień'],
    [3, '3 dni'],
    [5, '5 dni'],
    [1.5, '1,5 dnia'],
  ])('follow the rules of the language: %d in Polish', (count, text) => {
    expect(format('pl', days, { count })).toBe(text)
  })

  it('throw without a number or without a form for it', () => {
    expect(() => format('pl', days, { count: '3' })).toThrow(RangeError)
    expect(() => format('pl', days, {})).toThrow(RangeError)
    expect(() => format('ar', days, { count: 2 })).toThrow(RangeError)
  })
})

import { expect, it } from 'vitest'
import { parseLocale } from '../../src/i18n/locale.ts'
import { seconds } from '../../src/time.ts'
import { timeLeft } from '../../src/web/layout/times.ts'

const DAY = 86_400

it.each([
  ['en', 3 * DAY - 3600, 'in 3 days'],
  ['en', 36 * 3600, 'in 2 days'],
  ['en', DAY, 'in 24 hours'],
  ['en', 3600, 'in 60 minutes'],
  ['en', 100, 'in 2 minutes'],
  ['en', 60, 'in 60 seconds'],
  ['en', 1, 'in 1 second'],
  ['de', 2 * DAY, 'in 2 Tagen'],
  ['ar', 2 * DAY, 'خلال يومين'],
])('says in %s of %i seconds that they end %s', (locale, left, words) => {
  expect(timeLeft(parseLocale(locale), seconds(left))).toBe(words)
})

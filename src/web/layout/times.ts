import { html, type SafeHtml } from '@remix-run/html-template'
import type { Locale } from '../../i18n/locale.ts'
import type { View } from '../context.ts'

const MINUTE = 60

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', MINUTE],
  ['second', 1],
] as const

/**
 * @param time Unix milliseconds.
 * @returns It in the reader's language; in UTC, until the script puts it into the reader's zone.
 */
export function when({ locale }: View, time: number): SafeHtml {
  const text = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  }).format(time)
  return html`<time datetime="${new Date(time).toISOString()}">${text} UTC</time>`
}

/** @returns A span of seconds in words, in the greatest unit that leaves no rest: "90 minutes", "7 days". */
export function span(locale: Locale, seconds: number): string {
  const [unit, count] = inWholeUnits(seconds)
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count)
}

/** @returns When a span of seconds will be over, in words and rounded up to minutes if it has any: "in 10 minutes". */
export function inTime(locale: Locale, seconds: number): string {
  const [unit, count] = inWholeUnits(seconds > MINUTE ? Math.ceil(seconds / MINUTE) * MINUTE : seconds)
  return new Intl.RelativeTimeFormat(locale).format(count, unit)
}

function inWholeUnits(seconds: number) {
  const [unit, size] = UNITS.find(([, size]) => seconds % size === 0) ?? ['second', 1]
  return [unit, seconds / size] as const
}

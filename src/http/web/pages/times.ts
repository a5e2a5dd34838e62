import { html, type SafeHtml } from '@remix-run/html-template'
import type { Locale } from '../../../i18n/catalog.ts'
import type { View } from '../web.ts'

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
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
  const [unit, size] = UNITS.find(([, size]) => seconds % size === 0) ?? ['second', 1]
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / size)
}

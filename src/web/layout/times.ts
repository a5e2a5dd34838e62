import { html, type SafeHtml } from '@remix-run/html-template'
import { conventionsOf, type Locale } from '../../i18n/locale.ts'
import type { Milliseconds, Seconds } from '../../time.ts'
import type { View } from '../request-view.ts'

const MINUTE = 60

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', MINUTE],
  ['second', 1],
] as const

/** Renders a time in the reader's language, in UTC. The script converts it to the reader's time zone. */
export function dateTime({ locale }: View, time: Milliseconds): SafeHtml {
  const text = new Intl.DateTimeFormat(conventionsOf(locale), {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  }).format(time)
  return html`<time datetime="${new Date(time).toISOString()}">${text} UTC</time>`
}

/** Formats a duration in the largest unit that divides it: "90 minutes", "7 days". */
export function duration(locale: Locale, span: Seconds): string {
  const [unit, count] = inWholeUnits(span)
  return new Intl.NumberFormat(conventionsOf(locale), { style: 'unit', unit, unitDisplay: 'long' }).format(
    count,
  )
}

/** Formats the time until an event, rounded up to whole minutes if it is more than one: "in 10 minutes". */
export function timeUntil(locale: Locale, span: Seconds): string {
  const [unit, count] = inWholeUnits(span > MINUTE ? Math.ceil(span / MINUTE) * MINUTE : span)
  return new Intl.RelativeTimeFormat(conventionsOf(locale)).format(count, unit)
}

/** Formats the time left in the largest unit of which there are at least two, rounded: "in 2 days", "in 36 hours". */
export function timeLeft(locale: Locale, span: Seconds): string {
  const [unit, size] = UNITS.find(([, size]) => Math.round(span / size) > 1) ?? ['second', 1]
  return new Intl.RelativeTimeFormat(conventionsOf(locale)).format(Math.round(span / size), unit)
}

function inWholeUnits(span: number) {
  const [unit, size] = UNITS.find(([, size]) => span % size === 0) ?? ['second', 1]
  return [unit, span / size] as const
}

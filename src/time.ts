import type { Brand, Unbranded } from './brand.ts'

/** A point in time in Unix milliseconds, or a duration in milliseconds. */
export type Milliseconds = Brand<number, 'milliseconds'>

/** A duration in seconds. */
export type Seconds = Brand<number, 'seconds'>

/** Returns the current time. All code that depends on the time takes a clock, so that tests can set it. */
export type Clock = () => Milliseconds

/** Brands a number as milliseconds. */
export function milliseconds(value: Unbranded<number>): Milliseconds {
  return value as Milliseconds
}

/** Brands a number as seconds. */
export function seconds(value: Unbranded<number>): Seconds {
  return value as Seconds
}

/** Returns the time `span` seconds after `time`. */
export function after(time: Milliseconds, span: Seconds): Milliseconds {
  return milliseconds(time + span * 1000)
}

/** Returns a time in whole Unix seconds, as the APIs report it. */
export function unixSeconds(time: Milliseconds): number {
  return Math.floor(time / 1000)
}

/** Returns the seconds from `now` until `time`, rounded up; 0 once it has passed. */
export function secondsUntil(time: Milliseconds, now: Milliseconds): Seconds {
  return seconds(Math.max(0, Math.ceil((time - now) / 1000)))
}

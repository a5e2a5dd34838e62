import type { Brand } from './brand.ts'

/** A point in time as Unix milliseconds, or a span of milliseconds. */
export type Milliseconds = Brand<number, 'milliseconds'>

/** A span of seconds. */
export type Seconds = Brand<number, 'seconds'>

/** Tells the time. Everything that decides by time takes one, so that tests can turn it. */
export type Clock = () => Milliseconds

/** Takes a number as milliseconds. */
export function milliseconds(value: number): Milliseconds {
  return value as Milliseconds
}

/** Takes a number as seconds. */
export function seconds(value: number): Seconds {
  return value as Seconds
}

/** Returns the time that lies a span after another. */
export function after(time: Milliseconds, span: Seconds): Milliseconds {
  return milliseconds(time + span * 1000)
}

/** Returns the seconds from `now` until a time, rounded up; 0 once it has passed. */
export function secondsUntil(time: Milliseconds, now: Milliseconds): Seconds {
  return seconds(Math.max(0, Math.ceil((time - now) / 1000)))
}

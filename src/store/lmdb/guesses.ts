import type { Guess } from '../../secrets/store.ts'
import { counted, type Window, waitOf, windowAt } from './window.ts'

/** The guesses heard at one secret. No source is in it that has not been counted for the secret too. */
export interface Guesses {
  readonly all: Window
  readonly bySource: Readonly<Record<string, Window>>
}

/**
 * @param heard The guesses heard so far.
 * @param now Unix milliseconds.
 * @returns Seconds to wait if the guess may not be heard, else what has been heard then and how many more will be.
 */
export function countGuess(
  heard: Guesses | undefined,
  { source, perSource, perSecret }: Guess,
  now: number,
): { readonly retryAfter: number } | { readonly heard: Guesses; readonly left: number } {
  const all = windowAt(heard?.all, perSecret, now)
  const own = windowAt(heard?.bySource[source], perSource, now)
  const retryAfter = Math.max(waitOf(all, perSecret, now), waitOf(own, perSource, now))
  if (retryAfter > 0) return { retryAfter }
  const running = Object.entries(heard?.bySource ?? {}).filter(([, window]) => now < window.end)
  const left = Math.min(perSecret.limit - all.count, perSource.limit - own.count) - 1
  return {
    left,
    heard: { all: counted(all), bySource: { ...Object.fromEntries(running), [source]: counted(own) } },
  }
}

/** @returns Unix milliseconds at which the last of the windows ends and nothing is left to remember. */
export function guessesExpiry({ all, bySource }: Guesses): number {
  return Math.max(all.end, ...Object.values(bySource).map((window) => window.end))
}

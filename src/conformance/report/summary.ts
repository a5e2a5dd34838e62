import type { Result } from '../check.ts'

/** How many checks came out which way. */
export interface Summary {
  readonly agrees: number
  readonly differs: number
  readonly notRun: number
}

/** Counts the results of a run. */
export function summarize(results: readonly Result[]): Summary {
  const count = (outcome: Result['outcome']) => results.filter((one) => one.outcome === outcome).length
  return { agrees: count('agrees'), differs: count('differs'), notRun: count('not run') }
}

/** Returns the exit status of a run: 0 agrees, 1 differs, 2 could not be run, or not to its end. */
export function exitStatusOf(results: readonly Result[]): 0 | 1 | 2 {
  const { agrees, differs } = summarize(results)
  if (differs > 0) return 1
  return agrees === 0 || results.some(({ prevented }) => prevented) ? 2 : 0
}

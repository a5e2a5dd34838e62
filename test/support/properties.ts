import fc, { type IAsyncProperty, type IProperty } from 'fast-check'
import { expect } from 'vitest'

/** After this long, no further input is tried: a busy machine tries fewer of them and fails nothing. */
const ENOUGH_MS = 10_000
const FEWEST_RUNS = 5

/** How thoroughly a property is tried. */
interface Effort {
  /** Number of random inputs; 100 by default. Each property gets at least 5. */
  readonly runs?: number
  /** Makes the inputs the same each time, where one of them costs too much to try many. */
  readonly seed?: number
}

/**
 * Tries a property on random inputs.
 * @throws Error with the smallest input that breaks it, and the seed and path that lead there again.
 */
export async function holds<Inputs>(
  property: IProperty<Inputs> | IAsyncProperty<Inputs>,
  { runs = 100, seed }: Effort = {},
): Promise<void> {
  const details = await fc.check(property as IAsyncProperty<Inputs>, {
    numRuns: runs,
    interruptAfterTimeLimit: ENOUGH_MS,
    markInterruptAsFailure: false,
    ...(seed !== undefined && { seed }),
  })
  const report = await fc.asyncDefaultReportMessage(details)
  if (report !== undefined) throw new Error(report, { cause: details.errorInstance })
  expect(details.numRuns, 'inputs tried').toBeGreaterThanOrEqual(FEWEST_RUNS)
}

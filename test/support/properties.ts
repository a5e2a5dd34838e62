import fc, { type IAsyncProperty, type IProperty, type Parameters } from 'fast-check'

/** Number of inputs that every property gets, however busy the machine is. */
const FEWEST_RUNS = 5
/** After this long, no further input is tried: a busy machine tries fewer of them and fails nothing. */
const ENOUGH_MS = 10_000

/** How thoroughly a property is tried. */
interface Effort {
  /** Number of random inputs; 100 by default. */
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
  { runs = 100, seed = Math.floor(Math.random() * 2 ** 31) }: Effort = {},
): Promise<void> {
  const fewest = Math.min(runs, FEWEST_RUNS)
  await check(property, { numRuns: fewest, seed })
  if (runs === fewest) return
  await check(property, {
    numRuns: runs - fewest,
    seed: seed + 1,
    interruptAfterTimeLimit: ENOUGH_MS,
    markInterruptAsFailure: false,
  })
}

async function check<Inputs>(
  property: IProperty<Inputs> | IAsyncProperty<Inputs>,
  parameters: Parameters<Inputs>,
): Promise<void> {
  // One call serves both kinds of property.
  await fc.assert(property as IAsyncProperty<Inputs>, parameters)
}

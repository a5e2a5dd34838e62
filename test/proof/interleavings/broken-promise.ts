import { PROMISES, type PromiseName } from './promises.ts'
import { titleOf } from './scenario.ts'
import type { World } from './world.ts'

/** An interleaving in which something does not hold that must. */
export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise'
  readonly promises: readonly PromiseName[]

  /**
   * Tells what happened.
   *
   * @param world As it was when that was found.
   * @param seed What it was drawn with, if it was drawn.
   */
  constructor({ scenario, watch, trace, clients }: World, seed?: string) {
    const promises = [...watch.broken]
    const answers = clients.map(({ plan, phase, answer, error }) => {
      const reason = error === undefined ? '' : ` (${String(error)})`
      return `${plan.kind}: ${answer ?? phase}${reason}`
    })
    const drawn = seed === undefined ? [] : [`seed ${seed}`]
    const lines = [titleOf(scenario), ...drawn, ...promises.map((name) => `does not hold: ${PROMISES[name]}`)]
    super([...lines, ...trace, ...answers].join('\n  '))
    this.promises = promises
  }
}

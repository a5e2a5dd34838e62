import { BrokenPromise } from './broken-promise.ts'
import type { Choice, Reduction } from './choice.ts'
import { type Way, waysOf } from './choices.ts'
import { judgeEnding } from './ending.ts'
import type { Sample } from './sample.ts'
import type { Scenario } from './scenario.ts'
import { stateKey } from './state-key.ts'
import { World } from './world.ts'

/** How a scenario is enumerated. */
export interface Exploration {
  readonly sample: Sample
  readonly reduction: Reduction
  /** Is told of each state that is met. */
  onState?(world: World): void
}

/** How much was enumerated. */
export interface Explored {
  /** All interleavings, also those that lead through a state whose future was known. */
  readonly interleavings: bigint
  /** Those that were run, from the start to their end or to a state whose future was known. */
  readonly runs: number
  readonly states: number
}

/** A state on the way, and what was tried after it. */
interface Fork {
  readonly key: string | undefined
  readonly ways: readonly Way[]
  tried: number
  below: bigint
}

/**
 * Runs a scenario in every order that its choices allow, by depth-first search: each run begins anew, repeats the choices up to a
 * fork, and takes another one there.
 *
 * @throws BrokenPromise for the first interleaving in which something does not hold.
 */
export async function explore(
  scenario: Scenario,
  { sample, reduction, onState }: Exploration,
): Promise<Explored> {
  const known = new Map<string, bigint>()
  const path: Fork[] = []
  for (let runs = 1; ; runs += 1) {
    const world = await replay(scenario, sample, path.map(chosen), reduction)
    let below: bigint | undefined
    while (below === undefined) {
      if (world.watch.broken.size > 0) throw new BrokenPromise(world)
      onState?.(world)
      const key = reduction === 'nothing' ? undefined : stateKey(world)
      below = key === undefined ? undefined : known.get(key)
      if (below !== undefined) break
      const ways = waysOf(world)
      const [first] = ways
      if (first === undefined) {
        await judgeEnding(world)
        if (world.watch.broken.size > 0) throw new BrokenPromise(world)
        below = 1n
        if (key !== undefined) known.set(key, below)
      } else {
        path.push({ key, ways, tried: 0, below: 0n })
        await world.take(first.choice)
      }
    }
    const interleavings = climb(path, known, below)
    if (interleavings !== undefined) return { interleavings, runs, states: known.size }
  }
}

/** Runs the beginning of an interleaving. */
async function replay(
  scenario: Scenario,
  sample: Sample,
  choices: readonly Choice[],
  reduction: Reduction,
): Promise<World> {
  const world = new World(scenario, sample, reduction)
  for (const choice of choices) await world.take(choice)
  return world
}

/** Goes back to the last fork where something is left to try. @returns The number of all interleavings when nothing is. */
function climb(path: Fork[], known: Map<string, bigint>, found: bigint): bigint | undefined {
  let below = found
  for (let fork = path.at(-1); fork !== undefined; fork = path.at(-1)) {
    fork.below += below * BigInt(wayOf(fork).alike)
    fork.tried += 1
    if (fork.tried < fork.ways.length) return undefined
    path.pop()
    if (fork.key !== undefined) known.set(fork.key, fork.below)
    below = fork.below
  }
  return below
}

function chosen(fork: Fork): Choice {
  return wayOf(fork).choice
}

function wayOf({ ways, tried }: Fork): Way {
  const way = ways[tried]
  if (way === undefined) throw new Error('a fork has no such way')
  return way
}

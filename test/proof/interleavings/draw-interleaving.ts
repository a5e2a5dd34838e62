import { type SeededRandom, seededRandom } from '../../support/random.ts'
import type { ClientKind } from './behaviours.ts'
import { BrokenPromise } from './broken-promise.ts'
import { waysOf } from './choices.ts'
import { judgeEnding } from './ending.ts'
import { EXPIRY, type Samples } from './sample.ts'
import type { ClientPlan, Scenario } from './scenario.ts'
import { World } from './world.ts'

const MIN_CLIENTS = 6
const MAX_CLIENTS = 8
const FAULTS = 4
const FAULT_CHANCE = 0.15
const LIMIT_CHANCE = 0.3
const CROWD_CHANCE = 0.3
const SENDER_CHANCE = 0.2

const PLAIN: readonly ClientKind[] = ['reader', 'reader', 'burner', 'viewer', 'peeker', 'lister', 'annotator']
const PROTECTED: readonly ClientKind[] = [...PLAIN, 'guesser', 'guessing burner', 'checker', 'clearer']

/**
 * Draws one interleaving that is too large to be enumerated with all others like it, and judges it.
 *
 * @param seed The same for the same interleaving.
 * @returns The world at its end.
 * @throws BrokenPromise with the seed, when something does not hold.
 */
export async function drawInterleaving(
  seed: string,
  samples: Samples,
  broken?: Scenario['broken'],
): Promise<World> {
  const random = seededRandom(seed)
  const scenario = { ...drawScenario(random), ...(broken && { broken }) }
  const world = new World(scenario, samples[scenario.secret], 'nothing')
  for (let ways = waysOf(world); ways.length > 0; ways = waysOf(world)) {
    const faulty = ways.filter(({ choice }) => choice.kind === 'client' && choice.fault !== undefined)
    const others = ways.filter((way) => !faulty.includes(way))
    const from = faulty.length > 0 && random.chance(FAULT_CHANCE) ? faulty : others
    await world.take(random.pick(from).choice)
    if (world.watch.broken.size > 0) throw new BrokenPromise(world, seed)
  }
  await judgeEnding(world)
  if (world.watch.broken.size > 0) throw new BrokenPromise(world, seed)
  return world
}

function drawScenario(random: SeededRandom): Scenario {
  const secret = random.chance(0.5) ? 'plain' : 'protected'
  const kinds = secret === 'plain' ? PLAIN : PROTECTED
  const count = MIN_CLIENTS + random.below(MAX_CLIENTS - MIN_CLIENTS + 1)
  const drawn = Array.from({ length: count }, () => drawClient(random, kinds))
  const clients = random.chance(SENDER_CHANCE) ? [{ kind: 'sender' } as const, ...drawn.slice(1)] : drawn
  return {
    secret,
    clients,
    faults: FAULTS,
    ...(random.chance(0.5) && { ticks: [EXPIRY] }),
    ...(random.chance(LIMIT_CHANCE) && { limit: 1 + random.below(count) }),
  }
}

function drawClient(random: SeededRandom, kinds: readonly ClientKind[]): ClientPlan {
  const kind = random.pick(kinds)
  return random.chance(CROWD_CHANCE) ? { kind, server: 1 + random.below(2), network: '192.0.2.99' } : { kind }
}

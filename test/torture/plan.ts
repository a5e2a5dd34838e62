import { FAULTS, FAULTS_OF, type FaultName, type StoreName } from './faults.ts'
import { type SeededRandom, seededRandom } from './random.ts'

/** Numbers that stand for a server, a worker or a node: the executor divides them by how many there are. */
const TARGETS = 1000
const MAX_READERS = 4

/** One client of a secret. */
export interface PlannedClient {
  /** A `guess` lacks the right passphrase or the right key; a `view` is of the receipt. */
  readonly action: 'reveal' | 'burn' | 'guess' | 'view'
  readonly server: number
  readonly afterMs: number
  /** How often it tries while it gets no answer or one that says to come back. */
  readonly tries: number
  /** After how many milliseconds it cuts its own connection, if it does. */
  readonly cutAfterMs: number | undefined
}

/** One secret and those who race for it. */
export interface PlannedSecret {
  readonly locked: boolean
  readonly server: number
  /** When it is created: before the round's fault, or in its course. */
  readonly afterMs: number
  readonly clients: readonly PlannedClient[]
  /** Whether it is left for later rounds, so that it outlives other faults too. */
  readonly sleeps: boolean
}

/** One round: races, and one fault in their course. */
export interface PlannedRound {
  readonly index: number
  readonly fault: {
    readonly name: FaultName
    readonly target: number
    readonly afterMs: number
    readonly holdMs: number
  }
  readonly secrets: readonly PlannedSecret[]
}

/** Plans a round. It depends on nothing but its arguments, so a rerun with the same seed repeats it. */
export function planRound(seed: number, store: StoreName, index: number): PlannedRound {
  const random = seededRandom(`${seed}/${store}/${index}`)
  const faults = FAULTS_OF[store]
  // Each fault once, in an order of its own, before any comes again.
  const cycle = seededRandom(`${seed}/${store}/cycle ${Math.floor(index / faults.length)}`).shuffle(faults)
  const name = cycle[index % faults.length] ?? 'none'
  const [least, most] = FAULTS[name].holdMs
  const afterMs = 20 + random.below(300)
  const holdMs = least + random.below(most - least + 1)
  const window = afterMs + holdMs + 300
  const secrets = [
    ...Array.from({ length: 6 + random.below(6) }, () => planSecret(random, 0, window)),
    ...Array.from({ length: 2 + random.below(4) }, () => planSecret(random, random.below(window), 300)),
  ]
  return { index, fault: { name, target: random.below(TARGETS), afterMs, holdMs }, secrets }
}

function planSecret(random: SeededRandom, afterMs: number, window: number): PlannedSecret {
  const sleeps = random.chance(0.2)
  // All at once, or spread over the fault.
  const start = random.below(window)
  const spread = random.chance(0.5) ? 10 : window
  const client = (action: PlannedClient['action'], tries: number): PlannedClient => ({
    action,
    server: random.below(TARGETS),
    afterMs: spread === window ? random.below(window) : start + random.below(spread),
    tries,
    cutAfterMs: action === 'reveal' && random.chance(0.1) ? random.below(20) : undefined,
  })
  const clients = [
    ...(sleeps
      ? []
      : Array.from({ length: 1 + random.below(MAX_READERS) }, () => client('reveal', 1 + random.below(3)))),
    ...(!sleeps && random.chance(0.4) ? [client('burn', 1 + random.below(2))] : []),
    ...Array.from({ length: random.below(3) }, () => client('guess', 1)),
    ...(random.chance(0.6) ? [client('view', 1)] : []),
  ]
  return { locked: random.chance(0.3), server: random.below(TARGETS), afterMs, clients, sleeps }
}

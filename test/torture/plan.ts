import { type SeededRandom, seededRandom } from '../support/random.ts'
import { FAULTS, FAULTS_OF, type FaultName, type StoreName } from './faults.ts'

/** Numbers that stand for a server, a worker or a node: the executor divides them by how many there are. */
const TARGETS = 1000
const MAX_READERS = 4
/** Share of the secrets that have a passphrase: each attempt at one costs 20 ms of a processor. */
const WITH_PASSPHRASE = 0.04
/** Over how long the clients of a round are spread. A longer fault gets waves of more. */
const MAX_WINDOW_MS = 1000
const WAVE_MS = 300

/** One client of a secret. */
export interface PlannedClient {
  /** A `guess` lacks the right passphrase or the right key; a `peek` looks at the secret, a `view` at its receipt. */
  readonly action: 'reveal' | 'burn' | 'guess' | 'peek' | 'view'
  readonly server: number
  readonly afterMs: number
  /** How often it tries while it gets no answer or one that says to come back. */
  readonly tries: number
  /** After how many milliseconds it cuts its own connection, if it does. */
  readonly cutAfterMs: number | undefined
}

/** One secret and those who race for it. */
export interface PlannedSecret {
  readonly hasPassphrase: boolean
  readonly server: number
  /** When it is created: before the round's fault, or in its course. */
  readonly afterMs: number
  readonly clients: readonly PlannedClient[]
  /** Whether it is left for later rounds, so that it outlives other faults too. */
  readonly sleeps: boolean
  /** Whether it gets the minimum ttl, so that it expires in the course of a long run. */
  readonly expires: boolean
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

/** What plans depend on, and nothing else: a rerun with the same seed repeats them. */
export interface PlanOptions {
  readonly seed: number
  readonly store: StoreName
  /** How many secrets there are at once: 1 for a dozen in a round. */
  readonly density: number
}

/** Plans a round. */
export function planRound({ seed, store, density }: PlanOptions, index: number): PlannedRound {
  const random = seededRandom(`${seed}/${store}/${index}`)
  const faults = FAULTS_OF[store]
  // Each fault once, in an order of its own, before any comes again.
  const cycle = seededRandom(`${seed}/${store}/cycle ${Math.floor(index / faults.length)}`).shuffle(faults)
  const name = cycle[index % faults.length] ?? 'none'
  const [minimum, maximum] = FAULTS[name].holdMs
  const afterMs = 20 + random.below(300)
  const holdMs = minimum + random.below(maximum - minimum + 1)
  const window = Math.min(afterMs + holdMs + 200, MAX_WINDOW_MS)
  const secrets = [
    ...Array.from({ length: density * (6 + random.below(6)) }, () => planSecret(random, 0, window)),
    ...Array.from({ length: density * (2 + random.below(4)) }, () =>
      planSecret(random, random.below(window), 300),
    ),
  ]
  return { index, fault: { name, target: random.below(TARGETS), afterMs, holdMs }, secrets }
}

/** What goes on in a round for as long as its fault does. */
export interface PlannedWave {
  readonly secrets: readonly PlannedSecret[]
  /** Clients of secrets that are left from earlier rounds, one list for each. */
  readonly wakers: readonly (readonly PlannedClient[])[]
}

/** Plans one of the waves that follow in a round until its fault is over. */
export function planWave({ seed, store, density }: PlanOptions, index: number, wave: number): PlannedWave {
  const random = seededRandom(`${seed}/${store}/${index}/wave ${wave}`)
  const racers = planRacers(random, clientsWithin(random, WAVE_MS))
  return {
    secrets: Array.from({ length: density * 4 }, () => planSecret(random, random.below(WAVE_MS), WAVE_MS)),
    wakers: Array.from({ length: density * 3 }, racers),
  }
}

function planSecret(random: SeededRandom, afterMs: number, window: number): PlannedSecret {
  const sleeps = random.chance(0.25)
  const client = clientsWithin(random, window)
  const clients = [
    ...(sleeps ? [] : planRacers(random, client)()),
    ...Array.from({ length: random.below(3) }, () => client('guess', 1)),
    ...Array.from({ length: random.below(3) }, () => client('peek', 1)),
    ...(random.chance(0.6) ? [client('view', 1)] : []),
  ]
  const hasPassphrase = random.chance(WITH_PASSPHRASE)
  const expires = sleeps && random.chance(0.3)
  return { hasPassphrase, server: random.below(TARGETS), afterMs, clients, sleeps, expires }
}

type PlanClient = (action: PlannedClient['action'], tries: number) => PlannedClient

/** Plans clients that come all at once, or spread over the fault. */
function clientsWithin(random: SeededRandom, window: number): PlanClient {
  const start = random.below(window)
  const spread = random.chance(0.5) ? 10 : window
  return (action, tries) => ({
    action,
    server: random.below(TARGETS),
    afterMs: spread === window ? random.below(window) : start + random.below(spread),
    tries,
    cutAfterMs: action === 'reveal' && random.chance(0.1) ? random.below(20) : undefined,
  })
}

function planRacers(random: SeededRandom, client: PlanClient): () => PlannedClient[] {
  return () => [
    ...Array.from({ length: 1 + random.below(MAX_READERS) }, () => client('reveal', 1 + random.below(3))),
    ...(random.chance(0.4) ? [client('burn', 1 + random.below(2))] : []),
  ]
}

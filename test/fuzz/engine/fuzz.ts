import type { Target } from '../target.ts'
import type { Comparisons } from './comparisons.ts'
import type { Coverage } from './coverage.ts'
import { mutate } from './mutate.ts'
import type { Random } from './random.ts'
import { findingOf, shrink } from './shrink.ts'
import { substitutions } from './substitute.ts'

/** An input on which a property does not hold, as short as it was made. */
export interface Finding {
  readonly input: Buffer
  readonly error: unknown
}

/** What a search goes by. Without `coverage` it is blind: each input is a mutation of one of the first. */
export interface Search {
  readonly target: Pick<Target, 'run'>
  readonly random: Random
  /** The inputs to begin with. */
  readonly corpus: readonly Buffer[]
  readonly dictionary: readonly Buffer[]
  readonly coverage?: Coverage
  readonly comparisons?: Comparisons
  readonly maxBytes: number
  /** Called before each run; the search ends when it returns false. */
  readonly goesOn: (input: Buffer) => boolean
}

/** What a search has found. */
export interface Found {
  readonly executions: number
  /** The inputs that reached something new, in the order in which they did. */
  readonly corpus: readonly Buffer[]
  readonly finding?: Finding
}

const RECENT = 8
const MAX_SUBSTITUTIONS = 300

/** Thrown to end a search. */
class Ended extends Error {}

/** Searches for an input on which a property of a target does not hold, until `goesOn` says no. */
export async function fuzz(search: Search): Promise<Found> {
  const { target, random, coverage, comparisons, dictionary, maxBytes, goesOn } = search
  const corpus: Buffer[] = []
  let executions = 0
  let finding: Finding | undefined

  async function run(input: Buffer): Promise<void> {
    if (!goesOn(input)) throw new Ended()
    executions += 1
    coverage?.reset()
    const running = target.run(input)
    // Most targets return at once, and awaiting would cost more than they do.
    if (running !== undefined) await running
  }

  async function attempt(input: Buffer): Promise<void> {
    const error = await findingOf(run, input)
    if (error instanceof Ended) throw error
    if (error !== undefined) {
      finding = { input: await shrink(input, run, error), error }
      throw new Ended()
    }
    if (coverage?.isNew()) await keep(input)
  }

  async function keep(input: Buffer): Promise<void> {
    corpus.push(input)
    if (comparisons === undefined) return
    const differences = await comparisons.note(() => target.run(input))
    for (const changed of substitutions(input, differences).slice(0, MAX_SUBSTITUTIONS)) {
      if (changed.length <= maxBytes) await attempt(changed)
    }
  }

  function next(): Buffer {
    const others = corpus.length === 0 ? search.corpus : corpus
    const isRecent = random.below(2) === 0
    const base = isRecent
      ? others[Math.max(0, others.length - 1 - random.below(RECENT))]
      : random.pick(others)
    return mutate(base ?? Buffer.alloc(0), { random, dictionary, others, maxBytes })
  }

  try {
    for (const input of search.corpus) await attempt(input)
    while (true) await attempt(next())
  } catch (error) {
    if (!(error instanceof Ended)) throw error
  }
  return { executions, corpus, ...(finding && { finding }) }
}

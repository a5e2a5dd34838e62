import { type Age, type Answer, type Call, type State, step } from '../specification.ts'

/** An operation that may still take effect. */
interface Open {
  readonly call: Call
  /** The ages that the secret has had since it began. */
  readonly ages: Set<Age>
  /** Whether its answer will never be heard. */
  isAbandoned: boolean
}

/** One order of operations that explains every answer so far. */
interface Explanation {
  readonly state: State
  /** The operations that have taken effect and not answered yet, with what they have to answer. */
  readonly effected: ReadonlyMap<number, Answer>
}

/** Those that may change something. The others are no matter once nobody hears of them. */
const CHANGING = new Set<Call>(['create', 'reveal', 'burn'])

/**
 * All orders of operations, each at one moment between its beginning and its answer, in which the specification gives the answers
 * that were heard. An operation without an answer may take effect at any time after its beginning, or never.
 */
export class Explanations {
  readonly #open = new Map<number, Open>()
  #all: readonly Explanation[]
  #age: Age = 'unexpired'

  /** Begins with no operation. @param state The state of the secret at the beginning. */
  constructor(state: State) {
    this.#all = [{ state, effected: new Map() }]
  }

  /** Whether no order explains the answers. */
  get isImpossible(): boolean {
    return this.#all.length === 0
  }

  /** Begins an operation. */
  begin(id: number, call: Call): void {
    this.#open.set(id, { call, ages: new Set([this.#age]), isAbandoned: false })
  }

  /** Lets the secret reach its ttl, if it has not. */
  expire(): void {
    if (this.#age === 'expired') return
    this.#age = 'expired'
    for (const { ages } of this.#open.values()) ages.add('expired')
  }

  /** Ends an operation, with an answer or without. */
  end(id: number, answer: Answer): void {
    const operation = this.#open.get(id)
    if (operation === undefined) return
    if (answer === 'unclear' && CHANGING.has(operation.call)) {
      operation.isAbandoned = true
      return
    }
    this.#letAllTakeEffect()
    this.#open.delete(id)
    const fitting = this.#all.filter(({ effected }) => fits(effected.get(id), answer))
    this.#all = distinct(fitting.map(({ state, effected }) => ({ state, effected: without(effected, id) })))
  }

  /**
   * Describes what they have in common with others that will judge the same from here on.
   *
   * @param nameOf Names an operation.
   */
  describe(nameOf: (id: number) => string): string {
    const open = [...this.#open].map(([id, { ages }]) => `${nameOf(id)}@${ages.size}`)
    return [...this.#all.map((each) => this.#textOf(each, nameOf)).sort(), ...open.sort()].join(' ')
  }

  #textOf({ state, effected }: Explanation, nameOf: (id: number) => string): string {
    const done = [...effected].map(([id, answer]) =>
      this.#open.get(id)?.isAbandoned ? nameOf(id) : `${nameOf(id)}=${answer}`,
    )
    return [state, ...done.sort()].join()
  }

  #letAllTakeEffect(): void {
    for (let last = this.#all; last.length > 0; ) {
      last = last.flatMap((explanation) => this.#next(explanation))
      this.#all = distinct([...this.#all, ...last])
    }
  }

  #next({ state, effected }: Explanation): Explanation[] {
    const next: Explanation[] = []
    for (const [id, { call, ages }] of this.#open) {
      if (effected.has(id)) continue
      for (const age of ages) {
        const done = step(state, call, age)
        next.push({ state: done.state, effected: new Map([...effected, [id, done.answer]]) })
      }
    }
    return next
  }
}

/** Tells whether an operation may end with an answer. @param due What it has to answer, if it has taken effect. */
function fits(due: Answer | undefined, answer: Answer): boolean {
  if (answer === 'unclear') return true
  return answer === 'refused' ? due === undefined : due === answer
}

function without(effected: ReadonlyMap<number, Answer>, id: number): ReadonlyMap<number, Answer> {
  return new Map([...effected].filter(([other]) => other !== id))
}

function distinct(all: readonly Explanation[]): Explanation[] {
  if (all.length < 2) return [...all]
  const keyed = new Map<string, Explanation>()
  for (const each of all) {
    let key: string = each.state
    for (const id of [...each.effected.keys()].sort()) key += ` ${id}=${each.effected.get(id)}`
    keyed.set(key, each)
  }
  return [...keyed.values()]
}

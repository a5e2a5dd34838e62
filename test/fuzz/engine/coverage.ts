/** The kinds of counts that are told apart: 1, 2, 3, 4 to 7, 8 to 15, 16 to 31, 32 to 127, and more. */
const BOUNDS = [2, 3, 4, 8, 16, 32, 128]

/** What instrumented code counts, and what was seen of it so far. */
export class Coverage {
  /** How often each place in the code was reached; instrumented code writes to it. */
  readonly counters: Uint32Array
  readonly #seen: Uint8Array

  /** Begins with nothing reached. @param places The number of places in the code that are counted. */
  constructor(places: number) {
    this.counters = new Uint32Array(places)
    this.#seen = new Uint8Array(places)
  }

  /** Forgets the counts of the last run. */
  reset(): void {
    this.counters.fill(0)
  }

  /** The number of places that were reached in any run. */
  get places(): number {
    return this.#seen.reduce((sum, kinds) => sum + (kinds === 0 ? 0 : 1), 0)
  }

  /** Tells whether the last run reached a place, or a kind of count there, that no run before it has reached. */
  isNew(): boolean {
    const { counters } = this
    const seen = this.#seen
    let found = false
    for (let place = 0; place < counters.length; place += 1) {
      const count = counters[place] as number
      if (count === 0) continue
      const kind = kindOf(count)
      if (((seen[place] as number) & kind) !== 0) continue
      seen[place] = (seen[place] as number) | kind
      found = true
    }
    return found
  }

  /** Returns what the last run reached, as one number for each place and kind of count. */
  features(): number[] {
    const features: number[] = []
    this.counters.forEach((count, place) => {
      if (count > 0) features.push(place * 256 + kindOf(count))
    })
    return features
  }
}

function kindOf(count: number): number {
  let kind = 1
  for (const bound of BOUNDS) {
    if (count < bound) return kind
    kind <<= 1
  }
  return kind
}

/** A source of numbers that the same seed repeats (xorshift32). */
export class Random {
  #state: number

  /** Begins the numbers of a seed. */
  constructor(seed: number) {
    // Spreads small seeds, and 0 would stay 0.
    this.#state = Math.imul(seed + 1, 0x9e3779b1) >>> 0 || 1
  }

  /** Returns a number from 0 to `below` - 1. */
  below(below: number): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x >>> 0
    return this.#state % below
  }

  /** Returns one of the elements. */
  pick<T>(elements: readonly T[]): T {
    return elements[this.below(elements.length)] as T
  }
}

import { createHash } from 'node:crypto'

/** Numbers that look random and are the same for the same seed. */
export interface SeededRandom {
  /** Returns a whole number from 0 to `limit` - 1. */
  below(limit: number): number
  /** Returns true with this probability, from 0 to 1. */
  chance(probability: number): boolean
  /** Returns one of the elements, of which there is at least one. */
  pick<T>(elements: readonly T[]): T
  /** Returns a list in another order. */
  shuffle<T>(list: readonly T[]): T[]
}

/** Starts a sequence of numbers, by Tommy Ettinger's Mulberry32. */
export function seededRandom(seed: string): SeededRandom {
  let state = createHash('sha256').update(seed).digest().readUInt32LE()
  function fraction(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(fraction() * limit)
  return {
    below,
    chance: (probability) => fraction() < probability,
    pick: <T>(elements: readonly T[]) => elements[below(elements.length)] as T,
    shuffle(list) {
      const rest = [...list]
      return list.flatMap(() => rest.splice(below(rest.length), 1))
    },
  }
}

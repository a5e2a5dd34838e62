import type { Entry } from './ledger.ts'

/** After how many rounds a sleeping secret is claimed. */
const SLEEP_ROUNDS = 4
/** When one that expires may be claimed, and when it has expired for all. Its ttl is a minute. */
const NEARLY_EXPIRED_MS = 52_000
const EXPIRED_MS = 63_000
const MAX_SLEEPERS = 600

/** Secrets that are left for later rounds. */
export interface Sleepers {
  add(entry: Entry): void
  /** Takes up to so many from earlier rounds, for clients that race in the course of a fault. */
  take(count: number, round: number): Entry[]
  /** Takes those that have slept long enough. */
  rested(round: number): Entry[]
  /** Takes all. */
  all(): Entry[]
}

/** Creates the collection of sleeping secrets, which is empty. */
export function createSleepers(): Sleepers {
  let sleeping: Entry[] = []

  function takeWhere(isTaken: (entry: Entry, at: number) => boolean): Entry[] {
    const taken = sleeping.filter(isTaken)
    sleeping = sleeping.filter((entry) => !taken.includes(entry))
    return taken
  }

  return {
    add(entry) {
      sleeping.push(entry)
    },
    take(count, round) {
      const now = performance.now()
      let left = count
      return takeWhere(({ expires, round: own, created }) => {
        const isReady = own < round && (!expires || now - created >= NEARLY_EXPIRED_MS)
        if (isReady) left -= 1
        return isReady && left >= 0
      })
    },
    rested(round) {
      const now = performance.now()
      const excess = sleeping.length - MAX_SLEEPERS
      return takeWhere(
        ({ expires, round: own, created }, at) =>
          at < excess || (expires ? now - created >= EXPIRED_MS : own <= round - SLEEP_ROUNDS),
      )
    },
    all: () => takeWhere(() => true),
  }
}

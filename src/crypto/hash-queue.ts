import { DomainError } from '../errors.ts'
import { seconds } from '../time.ts'

const RETRY_AFTER = seconds(2)
const RANKS = { claim: 0, account: 1, anonymous: 2 } as const
// The share of the places that one purpose may take.
const MAX_SHARE = 7 / 8
// One turn in so many is the oldest waiter's.
const OLDEST_EVERY = 4

/** What a passphrase is hashed for, and for whom. */
export interface Hashing {
  /** To claim a secret that exists, or to create one with an account or without. They go first in this order. */
  readonly purpose: keyof typeof RANKS
  /** The client network. Those of one purpose take turns. */
  readonly network: string
}

/** A bounded queue, in which a flood of one kind or from one client network holds up no other. */
export interface HashQueue {
  readonly length: number
  /** Rejects a hash early that would get no place. @throws DomainError `overloaded`. */
  assertPlace(hashing: Hashing): void
  /**
   * Waits for a turn.
   *
   * @throws DomainError `overloaded` when there is no place, or when one who goes first takes it.
   */
  join(hashing: Hashing): Promise<void>
  /** Gives the next turn. @returns Whether anybody waited. */
  next(): boolean
}

interface Waiter {
  readonly rank: number
  readonly network: string
  /** In each round, every client network of a rank has one turn. */
  readonly round: number
  readonly start: () => void
  readonly reject: (error: DomainError) => void
}

/**
 * Creates an empty queue.
 *
 * When it is full, the last in it gives way to one who goes first. Nobody waits without bound: every fourth turn is the
 * oldest waiter's, and no purpose takes more than seven of eight places. So a flood of claims, which the attempts allowed
 * for each secret limit already, leaves creation a quarter of all hashes, and a flood of creations leaves claims the rest.
 *
 * @param maxWaiting The number of places.
 */
export function createHashQueue(maxWaiting: number): HashQueue {
  // In the order of their turns.
  const queue: Waiter[] = []
  // In the order of arrival.
  const arrived = new Set<Waiter>()
  // The round of the last turn of each rank.
  const rounds = Object.values(RANKS).map(() => 0)
  const maxOfRank = Math.ceil(maxWaiting * MAX_SHARE)
  let turns = 0

  function roundOf(rank: number, network: string): number {
    const last = queue.findLast((waiter) => waiter.rank === rank && waiter.network === network)
    return last === undefined ? (rounds[rank] ?? 0) : last.round + 1
  }

  /** Returns who gets no place if a newcomer comes: the last waiter or the newcomer; undefined while there is room. */
  function surplus(rank: number, round: number): Waiter | 'newcomer' | undefined {
    const ofRank = queue.filter((waiter) => waiter.rank === rank)
    const full = queue.length >= maxWaiting
    if (!full && ofRank.length < maxOfRank) return undefined
    const last = ofRank.length >= maxOfRank ? ofRank.at(-1) : queue.at(-1)
    return last === undefined || !isBefore({ rank, round }, last) ? 'newcomer' : last
  }

  function remove(waiter: Waiter): void {
    queue.splice(queue.indexOf(waiter), 1)
    arrived.delete(waiter)
  }

  return {
    get length() {
      return queue.length
    },
    assertPlace({ purpose, network }) {
      const rank = RANKS[purpose]
      if (surplus(rank, roundOf(rank, network)) === 'newcomer') throw overloaded()
    },
    join({ purpose, network }) {
      const rank = RANKS[purpose]
      const round = roundOf(rank, network)
      return new Promise((start, reject) => {
        const leaving = surplus(rank, round)
        if (leaving === 'newcomer') return reject(overloaded())
        if (leaving !== undefined) {
          remove(leaving)
          leaving.reject(overloaded())
        }
        const newcomer = { rank, network, round, start, reject }
        const behind = queue.findIndex((waiter) => isBefore(newcomer, waiter))
        queue.splice(behind === -1 ? queue.length : behind, 0, newcomer)
        arrived.add(newcomer)
      })
    },
    next() {
      turns += 1
      const [oldest] = arrived
      const [first] = queue
      const chosen = turns % OLDEST_EVERY === 0 ? oldest : first
      if (chosen === undefined) return false
      if (chosen === first) rounds[chosen.rank] = chosen.round
      remove(chosen)
      chosen.start()
      return true
    },
  }
}

function isBefore(one: Pick<Waiter, 'rank' | 'round'>, other: Pick<Waiter, 'rank' | 'round'>): boolean {
  return one.rank < other.rank || (one.rank === other.rank && one.round < other.round)
}

function overloaded(): DomainError {
  return new DomainError('overloaded', { retryAfter: RETRY_AFTER })
}

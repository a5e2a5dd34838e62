import { after, type Clock, type Seconds, seconds, secondsUntil } from '../time.ts'
import { checkFault, type Fault } from './fault.ts'
import type { Operation } from './operations.ts'

const RETRY_AFTER = 60
const RATE_LIMIT_LASTS = 1200

/** A fault as it happens to one request. */
export interface Happening extends Pick<Fault, 'milliseconds'> {
  readonly fault: Exclude<Fault['fault'], 'store-away'>
  /** What a 429 says in Retry-After. */
  readonly retryAfter: Seconds
}

/** The faults that are still to happen, in the order in which they were asked for. */
export interface FaultScript {
  /** Adds faults behind the others, or none of them. @throws TestInputError that lists what there is. */
  add(...faults: readonly Fault[]): void
  /** Returns those that are left. `times` says how often. */
  list(): Fault[]
  /** Removes all. */
  clear(): void
  /** Returns what happens to a request: the first fault that is left for its operation. */
  next(operation: Operation): Happening | undefined
  /** Whether the store is away. */
  isStoreAway(): boolean
}

interface Entry {
  readonly fault: Fault
  left: number
  /** When it ends by itself, by the clock. */
  readonly isOver: () => boolean
  readonly retryAfter: () => Seconds
}

/**
 * Creates an empty script.
 *
 * @param now Ends the faults that last for a time.
 */
export function createFaultScript(now: Clock): FaultScript {
  let entries: Entry[] = []

  function current(): readonly Entry[] {
    entries = entries.filter(({ left, isOver }) => left > 0 && !isOver())
    return entries
  }

  return {
    add(...faults) {
      for (const fault of faults) checkFault(fault)
      entries.push(...faults.map((fault) => ({ fault, left: countOf(fault), ...timing(fault, now) })))
    },
    list: () =>
      current().map(({ fault, left }) => ({
        ...fault,
        ...(Number.isFinite(left) && { times: left }),
      })),
    clear() {
      entries = []
    },
    next(operation) {
      const entry = current().find(({ fault }) => affects(fault, operation))
      if (entry === undefined) return undefined
      entry.left -= 1
      const { fault, milliseconds } = entry.fault
      return {
        fault: fault as Happening['fault'],
        retryAfter: entry.retryAfter(),
        ...(milliseconds !== undefined && { milliseconds }),
      }
    },
    isStoreAway: () => entries.some(({ fault }) => fault.fault === 'store-away'),
  }
}

function countOf({ fault, times = 1 }: Fault): number {
  const lasts = fault === 'rate-limit' || fault === 'store-away'
  return lasts || times === 'always' ? Number.POSITIVE_INFINITY : times
}

function timing(fault: Fault, now: Clock): Pick<Entry, 'isOver' | 'retryAfter'> {
  if (fault.fault !== 'rate-limit') {
    return { isOver: () => false, retryAfter: () => seconds(fault.seconds ?? RETRY_AFTER) }
  }
  const end = after(now(), seconds(fault.seconds ?? RATE_LIMIT_LASTS))
  return { isOver: () => now() >= end, retryAfter: () => secondsUntil(end, now()) }
}

function affects({ fault, operation = 'any' }: Fault, asked: Operation): boolean {
  if (fault === 'store-away') return false
  return operation === 'any' ? asked !== 'other' : operation === asked
}

import { type Clock, milliseconds } from '../time.ts'
import { TestInputError } from './fault.ts'

// A century: what is beyond has dates that not every language can read.
const MAXIMUM_SECONDS = 100 * 365 * 24 * 3600

/** The clock of a server, which tests move forward. */
export interface TestClock {
  /** Returns the time in Unix milliseconds. */
  now(): number
  /**
   * Moves the clock forward.
   *
   * @param seconds Rounded to milliseconds.
   * @throws TestInputError for a negative number, or for more than a century in all.
   */
  advance(seconds: number): void
}

/** The clock as the server itself sees it. */
export interface ServerClock extends TestClock {
  readonly read: Clock
  /** Sets the clock to the time of the machine. */
  reset(): void
}

/**
 * Creates a clock that shows the time of the machine.
 *
 * @param kind Whether it runs by itself, or stands still between the moves.
 */
export function createTestClock(kind: 'running' | 'still'): ServerClock {
  let stoppedAt = Date.now()
  let advanced = 0
  const now = () => (kind === 'still' ? stoppedAt : Date.now()) + advanced
  return {
    now,
    read: () => milliseconds(now()),
    advance(seconds) {
      if (!Number.isFinite(seconds) || seconds < 0 || seconds > MAXIMUM_SECONDS)
        throw new TestInputError(`advance takes a number of seconds from 0 to ${MAXIMUM_SECONDS}`)
      const ahead = advanced + Math.round(seconds * 1000)
      if (ahead > MAXIMUM_SECONDS * 1000)
        throw new TestInputError(`the clock moves forward by at most ${MAXIMUM_SECONDS} seconds in all`)
      advanced = ahead
    },
    reset() {
      stoppedAt = Date.now()
      advanced = 0
    },
  }
}

import type { Invitation } from '../mail/mailer.ts'
import type { TestClock } from './clock.ts'
import type { Fault } from './fault.ts'
import type { JournalEntry } from './journal.ts'

/** The emails that a server would have sent. */
export interface TestEmails {
  /** Returns them, oldest first. None while `SMTP_URL` is set, because then they are really sent. */
  list(): readonly Invitation[]
  clear(): void
}

/** The journal of requests. */
export interface TestRequests {
  /** Returns the requests in the order in which they arrived, at most the last 10,000. */
  list(): readonly JournalEntry[]
  clear(): void
}

/** What goes wrong, as a test asks for it. */
export interface TestFaults {
  /**
   * Adds faults. A request meets the first one that is left for its operation.
   *
   * @throws TestInputError that lists what there is.
   */
  add(...faults: readonly Fault[]): void
  /** Returns the faults that are left. */
  list(): readonly Fault[]
  /** Resolves once a request is held by `hang` or `late`. */
  held(): Promise<void>
  /** Releases the requests that are held. @returns How many. */
  release(): number
  /** Removes all faults, and releases the requests that are held. */
  clear(): void
}

/** What a test can see and change of a server. */
export interface TestControls {
  readonly clock: TestClock
  readonly emails: TestEmails
  readonly requests: TestRequests
  readonly faults: TestFaults
  /**
   * Makes the server as it was when it started: without records, counted requests, emails, journal and faults, and with the
   * time of the machine. Its accounts and settings stay.
   *
   * @throws TestInputError when `REDIS_URL` or `DATA_DIR` is set: the data may be someone else's.
   */
  reset(): Promise<void>
}

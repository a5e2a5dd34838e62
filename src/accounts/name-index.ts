import type { KeyRing } from '../crypto/key-ring.ts'
import { type Clock, type Milliseconds, milliseconds } from '../time.ts'
import type { AccountId } from './records.ts'
import { openEmail } from './sealed-email.ts'
import { openName } from './sealed-name.ts'
import type { AccountStore } from './store.ts'
import { type UrName, urNameOf } from './ur-name.ts'

/**
 * Finds accounts by their ur names, which no store has: each process derives them from the email addresses. Imported accounts
 * have a second one, which is stored.
 */
export interface NameIndex {
  /** Returns the email address of an account, if it is known so far. The account may have been removed since. */
  find(name: UrName): string | undefined
  /**
   * Resolves when every account that was stored before this call is known. All who wait share one listing, so that a flood
   * of calls costs no more than one.
   *
   * @throws DomainError `store_unavailable`.
   */
  refresh(): Promise<void>
}

/** Where the accounts of an index come from. */
interface NameSources {
  readonly store: Pick<AccountStore, 'list'>
  readonly ring: KeyRing
  /** The email addresses of accounts that are not in the store. */
  readonly emails?: readonly string[]
}

/** How a process measures time and waits. */
interface Timing {
  /** Never goes back. */
  readonly clock: Clock
  readonly sleep: (span: Milliseconds) => Promise<void>
}

const INTERVAL = milliseconds(1000)
// A listing that takes a second is followed by 20 without: below 5 % of the time, whatever clients send.
const PAUSE_FACTOR = 20
// Opening so many emails takes a few milliseconds. Requests are processed in between.
const BATCH = 256

const PROCESS_TIMING: Timing = {
  clock: () => milliseconds(performance.now()),
  sleep: (span) => new Promise((resolve) => setTimeout(resolve, span).unref()),
}

/** Creates the index of a process. */
export function createNameIndex(
  { store, ring, emails = [] }: NameSources,
  { clock, sleep }: Timing = PROCESS_TIMING,
): NameIndex {
  const known = new Map(emails.map((email) => [urNameOf(email), email]))
  let opened = new Set<AccountId>()
  let earliest = clock()
  let running: Promise<void> = Promise.resolve()
  let upcoming: Promise<void> | undefined

  /** Waits for its turn, then lists. Until it begins, others can join. */
  async function takeTurn(): Promise<void> {
    await running
    const pause = earliest - clock()
    if (pause > 0) await sleep(milliseconds(pause))
    upcoming = undefined
    const listing = list()
    running = listing.catch(() => undefined)
    await listing
  }

  async function list(): Promise<void> {
    const began = clock()
    earliest = milliseconds(began + INTERVAL)
    const accounts = await store.list()
    const listed = clock()
    // Without the time to open emails, which clients cannot repeat: after a start, each would wait for a multiple of it.
    earliest = milliseconds(Math.max(earliest, listed + PAUSE_FACTOR * (listed - began)))
    const unopened = accounts.filter(({ id }) => !opened.has(id))
    for (let at = 0; at < unopened.length; at += BATCH) {
      if (at > 0) await new Promise((resolve) => setImmediate(resolve))
      for (const account of unopened.slice(at, at + BATCH)) {
        const email = openEmail(ring, account)
        if (email === undefined) continue
        known.set(urNameOf(email), email)
        const name = openName(ring, account)
        if (name !== undefined) known.set(name, email)
      }
    }
    opened = new Set(accounts.map(({ id }) => id))
  }

  return {
    find: (name) => known.get(name),
    refresh() {
      upcoming ??= takeTurn()
      return upcoming
    },
  }
}

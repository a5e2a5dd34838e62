import { setImmediate as endOfTurn, setTimeout as sleep } from 'node:timers/promises'
import type { Milliseconds } from '../../time.ts'
import type { Environment } from './environment.ts'
import type { Table } from './table.ts'

/** An index by expiry: Unix milliseconds, then the key of what expires. */
export type Index<K extends (string | number)[]> = Table<true, [at: number, ...K]>

/** Tells what is due in an index, and deletes it. */
export interface Drain<K extends (string | number)[]> {
  readonly environment: Pick<Environment, 'transact'>
  readonly index: Index<K>
  /** Deletes what an entry names, in the same transaction. */
  readonly remove: (...key: K) => void
}

/** How long a transaction deletes, which holds the write lock and the event loop meanwhile. */
const BATCH_MS = 1

/** The most entries of a transaction, which are read before any is deleted. */
const BATCH = 50

/** How long requests have the store to themselves between two transactions. */
const PAUSE_MS = 5

/** How long a sweep takes its time. After that, it could lose against those who create. */
const PATIENCE_MS = 30_000

/** Gives way to requests between two transactions of a sweep. */
export type Pause = () => Promise<void>

/** Creates the pauses of one sweep. */
export function createPause(): Pause {
  const began = performance.now()
  return async () => {
    const isPatient = performance.now() - began < PATIENCE_MS
    await (isPatient ? sleep(PAUSE_MS) : endOfTurn())
  }
}

/**
 * Deletes what is due, in short transactions.
 *
 * @returns The number of entries that were due.
 * @throws DomainError `store_unavailable`, possibly after a part.
 */
export async function drain<K extends (string | number)[]>(
  { environment, index, remove }: Drain<K>,
  now: Milliseconds,
  pause: Pause,
): Promise<number> {
  let removed = 0
  for (;;) {
    const { done, found } = await environment.transact(() => {
      const until = performance.now() + BATCH_MS
      const due = [...index.getKeys({ end: [now + 1], limit: BATCH })]
      let done = 0
      while (done < due.length && (done === 0 || performance.now() < until)) {
        const entry = due[done] as [at: number, ...K]
        const [, ...key] = entry
        void index.remove(entry)
        remove(...key)
        done += 1
      }
      return { done, found: due.length }
    })
    removed += done
    if (done === found && found < BATCH) return removed
    await pause()
  }
}

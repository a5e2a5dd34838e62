import type { DomainError } from '../../errors.ts'
import type { StoreWatcher } from '../store.ts'
import type { WatchedClock } from './clock.ts'
import type { RateTables } from './rates.ts'
import { sweep } from './sweep.ts'
import type { Tables } from './tables.ts'

const EVERY_MS = 60_000

/** What is swept, by which clock, and who is told. */
interface SweeperOptions {
  readonly tables: Tables
  readonly rates: RateTables
  readonly clock: WatchedClock
  readonly watcher: Pick<StoreWatcher, 'onFault' | 'onSweep'> | undefined
}

/**
 * Sweeps a store every minute while its clock is right, and remembers the time of each sweep for the next process. A sweep that
 * is due during another one begins after it. A damaged store is never swept.
 *
 * @returns Stops it. A sweep that this interrupts is not reported.
 */
export function startSweeping({ tables, rates, clock, watcher }: SweeperOptions): () => void {
  const timer = setInterval(() => void sweepWhenDue(), EVERY_MS).unref()
  let faulty = false
  let stopped = false
  let due = false
  let sweeping = false

  async function sweepWhenDue(): Promise<void> {
    due = true
    if (sweeping) {
      readClock()
      return
    }
    sweeping = true
    while (due && !stopped) {
      due = false
      await sweepAndReport()
    }
    sweeping = false
  }

  // Every minute, whatever a sweep takes: between two readings, small steps would add up to a large one.
  function readClock(): void {
    try {
      clock.read()
    } catch (fault) {
      report(fault as DomainError)
    }
  }

  function report(fault: DomainError): void {
    if (!faulty && !stopped) watcher?.onFault(fault)
    faulty = true
  }

  async function sweepAndReport(): Promise<void> {
    const began = performance.now()
    try {
      const { now, proven } = clock.read()
      if (!proven || tables.environment.damage !== undefined) return
      const removed = await sweep(tables, rates, now)
      await remember()
      faulty = false
      watcher?.onSweep({ removed, seconds: (performance.now() - began) / 1000 })
    } catch (fault) {
      report(fault as DomainError)
    }
  }

  async function remember(): Promise<void> {
    const moment = clock.remembered()
    if (moment !== undefined) await tables.environment.transact(() => void tables.clock.put('clock', moment))
  }

  return () => {
    clearInterval(timer)
    stopped = true
  }
}

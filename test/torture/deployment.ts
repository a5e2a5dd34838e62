import type { Clocks } from './clocks.ts'
import type { PlannedRound } from './plan.ts'

/** What a server did in a fault that it must not do. */
export interface Misbehaviour {
  readonly count: 'stuck' | 'unexpected'
  readonly text: string
}

/** Servers on one store, which can be broken. */
export interface Deployment {
  readonly urls: readonly string[]
  /** The clocks of its servers. */
  readonly clocks: Clocks
  /**
   * Breaks something, holds it, and repairs it.
   *
   * @returns What the servers did wrong meanwhile. They may still be about to recover.
   */
  inject(fault: PlannedRound['fault']): Promise<readonly Misbehaviour[]>
  /** Ends all processes and removes all data. */
  close(): Promise<void>
}

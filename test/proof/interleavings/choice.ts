import type { Fault } from './scenario.ts'

/** What the scheduler may do next: let time move, or let a client start or take its next step. */
export type Choice = TickChoice | ClientChoice

/** Time moves on. */
export interface TickChoice {
  readonly kind: 'tick'
  /** The clients that start, or do their hash, right before. Their next step carries the time before. */
  readonly first: readonly number[]
}

/** A client goes on. */
export interface ClientChoice {
  readonly kind: 'client'
  readonly index: number
  readonly fault?: Fault
}

/**
 * What is left out: nothing; what can follow a state that was met before; and also choices that come to the same as others.
 */
export type Reduction = 'nothing' | 'known states' | 'known states and equal choices'

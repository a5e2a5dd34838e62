import type { RecordPair } from '../../../src/secrets/records.ts'
import type { ClientKind } from './behaviours.ts'
import type { PromiseName } from './promises.ts'
import type { Break, Scenario } from './scenario.ts'

/** A mistake that a store, or what lies between it and the use cases, can have. */
export interface Mistake {
  readonly title: string
  /** What does not hold any more. */
  readonly promise: PromiseName
  readonly cast: readonly ClientKind[]
  readonly scenario: Omit<Scenario, 'clients' | 'broken'>
  readonly broken: Break
}

/** A secret without passphrase, and no faults. */
export const PLAIN = { secret: 'plain', faults: 0 } as const

/** A secret with a passphrase, and no faults. */
export const PROTECTED = { secret: 'protected', faults: 0 } as const

/** Returns a pair that a scenario has. @throws Error when the store has it no more. */
export function present(pair: RecordPair | undefined): RecordPair {
  if (pair === undefined) throw new Error('the store has no such pair')
  return pair
}

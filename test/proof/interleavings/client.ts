import type { Milliseconds } from '../../../src/time.ts'
import type { Answer } from '../specification.ts'
import type { ParkedStep } from './parked.ts'
import type { ClientPlan, Fault } from './scenario.ts'

/** A step that the scheduler picked, and what came of it. */
export interface TakenStep {
  readonly name: string
  readonly at: Milliseconds
  readonly fault: Fault | undefined
  /** What the store answered; undefined if it never got the request. */
  readonly answer: unknown
  /** Whether the answer reached the client's code. */
  readonly heard: boolean
  /** Whether it claimed the secret. */
  readonly claimed: boolean
}

/** One client during one interleaving. */
export class Client {
  readonly plan: ClientPlan
  readonly index: number
  readonly server: string
  readonly network: string
  phase: 'idle' | 'started' | 'finished' | 'crashed' = 'idle'
  isConnected = true
  /** The step that waits to be picked. */
  parked: ParkedStep | undefined
  readonly taken: TakenStep[] = []
  answer: Answer | undefined
  /** What its use case threw, if it did. */
  error: unknown

  /** Creates a client that has not started. @param index Its place in the scenario. */
  constructor(plan: ClientPlan, index: number) {
    this.plan = plan
    this.index = index
    this.server = String(plan.server ?? `own ${index}`)
    this.network = plan.network ?? `192.0.2.${index + 1}`
  }

  /** The step by which it claimed the secret, if it did. */
  get claim(): TakenStep | undefined {
    return this.taken.find(({ claimed }) => claimed)
  }

  /** Whether its answer says that it has got the secret, or has burned it. */
  get hasWon(): boolean {
    return this.answer === 'value' || (this.answer === 'burned' && this.plan.kind.endsWith('burner'))
  }
}

import type { Claim } from '../../../src/secrets/store.ts'
import type { Memory } from '../../contract/memory.ts'
import { behaviourOf } from './behaviours.ts'
import type { Client, TakenStep } from './client.ts'
import { Explanations } from './explanations.ts'
import type { PromiseName } from './promises.ts'

/** What is kept of the one secret, as far as it matters who changes it. */
export interface Kept {
  readonly state: string
  readonly hasSecret: boolean
  readonly attempts: number
}

/** Returns what a store keeps of its one secret. */
export function keptIn({ pairs, attempts }: Memory): Kept {
  const [pair] = pairs.values()
  let total = 0
  for (const each of attempts.received.values()) total += each.total
  for (const each of attempts.burned.values()) total += each.total
  return {
    state: pair?.receipt.state ?? 'none',
    hasSecret: pair?.secret !== undefined,
    attempts: total,
  }
}

/** Tells whether a step claimed the secret. */
export function isClaim(before: Kept, after: Kept): boolean {
  const isOver = after.state === 'received' || after.state === 'burned'
  return isOver && (after.state !== before.state || (before.hasSecret && !after.hasSecret))
}

/** Watches an interleaving, and keeps in mind what matters for the rest of it. */
export class Watch {
  readonly broken = new Set<PromiseName>()
  readonly explanations: Explanations
  /** How the secret was claimed. */
  claimedAs: string | undefined
  winners = 0
  wasBurned = false
  wasViewed = false
  readonly #accepted = new Set<number>()
  readonly #limit: number

  /** Begins to watch. @param limit Maximum number of requests that all clients together may make. */
  constructor(state: 'none' | 'available', limit = Number.POSITIVE_INFINITY) {
    this.explanations = new Explanations(state)
    this.#limit = limit
  }

  /** Notes that a client has started. */
  begin({ index, plan }: Client): void {
    const { call } = behaviourOf(plan.kind)
    if (call !== undefined) this.explanations.begin(index, call)
  }

  /** Notes a step, and what the store kept before and after it. */
  step(client: Client, taken: TakenStep, before: Kept, after: Kept): void {
    const { name, answer, claimed, fault } = taken
    if (fault === 'request lost' || fault === 'crash') return
    if (claimed) this.claimedAs = after.state
    if (after.state === 'viewed') this.wasViewed = true
    const isSame = after.state === before.state && after.hasSecret === before.hasSecret
    const isCounted = after.attempts !== before.attempts
    if (name === 'secrets.claim') {
      const { kind } = answer as Claim
      if (kind === 'protected' && !isCounted) this.broken.add('attempts')
      if (kind === 'rate_limited' && (!isSame || isCounted)) this.broken.add('free')
    }
    if (isAccepted(taken)) this.#accepted.add(client.index)
    if (this.#accepted.size > this.#limit) this.broken.add('limit')
  }

  /** Notes the answer of a client, or that it will have none. */
  end(client: Client): void {
    const { index, answer = 'unclear', claim, hasWon, plan } = client
    if (hasWon) this.winners += 1
    if (this.winners > 1) this.broken.add('once')
    if (answer === 'value' && this.wasBurned) this.broken.add('burned')
    if (hasWon && answer === 'burned') this.wasBurned = true
    if (claim !== undefined && answer === 'unknown') this.broken.add('unknown')
    if (claim !== undefined && answer === 'refused') this.broken.add('free')
    if (claim !== undefined && !hasWon && claim.fault === undefined) this.broken.add('wasted')
    if (behaviourOf(plan.kind).call === undefined && answer !== 'wrong') return
    this.explanations.end(index, answer)
    if (this.explanations.isImpossible) this.broken.add('explained')
  }

  /** Describes what matters for the rest of an interleaving. */
  describe(nameOf: (id: number) => string): string {
    const { claimedAs, winners, wasBurned, wasViewed } = this
    const seen = [claimedAs, winners, wasBurned, wasViewed, this.#accepted.size, [...this.broken].join()]
    return `${seen.join()} ${this.explanations.describe(nameOf)}`
  }
}

/** Tells whether a step let a request through the rate limit. */
function isAccepted({ name, answer }: TakenStep): boolean {
  if (name === 'secrets.claim') return (answer as Claim).kind !== 'rate_limited'
  return (name === 'rates.take' || name === 'secrets.create') && answer === 0
}

import type { Milliseconds } from '../time.ts'
import { type Attempts, countAttempt } from './attempts.ts'
import type { RecordPair } from './records.ts'
import { type AvailablePair, ended, isAvailable } from './states.ts'
import type { Claim, ClaimRequest } from './store.ts'

/** What one atomic step of a store answers to a claim, and what it writes with that. */
export interface ClaimStep {
  readonly claim: Claim
  /** Replaces both records. */
  readonly pair?: RecordPair
  /** Replaces the counted attempts. */
  readonly attempts?: Attempts
}

/**
 * Decides a claim. A store reads what it has, writes what this returns, and does both in one atomic step.
 *
 * @param pair Both records, if there are any.
 * @param attempts The passphrase attempts counted at this secret.
 */
export function claimStep(
  pair: RecordPair | undefined,
  attempts: Attempts | undefined,
  request: ClaimRequest,
  now: Milliseconds,
): ClaimStep {
  if (!isAvailable(pair, now)) return { claim: { kind: 'gone' } }
  const { sealed, root } = pair.secret
  if (!request.roots.includes(root)) return { claim: { kind: 'unreadable' } }
  if (pair.secret.protected) return attemptStep(pair, attempts, request, now)
  const claimed = ended(pair, request.outcome, now)
  return { claim: { kind: 'claimed', sealed, receipt: claimed.receipt }, pair: claimed }
}

function attemptStep(
  { secret, receipt }: AvailablePair,
  attempts: Attempts | undefined,
  { attempt }: ClaimRequest,
  now: Milliseconds,
): ClaimStep {
  if (attempt === undefined) return { claim: { kind: 'passphrase_required' } }
  const result = countAttempt(attempts, attempt, now)
  if (result.kind === 'locked') return { claim: result }
  const { sealed } = secret
  return {
    claim: { kind: 'protected', sealed, receipt, attemptsLeft: result.left },
    attempts: result.attempts,
  }
}

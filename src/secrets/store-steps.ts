import type { Milliseconds } from '../time.ts'
import { type Attempts, countAttempt } from './attempts.ts'
import { type Outcome, type ReceiptRecord, type RecordPair, secretExpiry } from './records.ts'
import { type AvailablePair, ended, isAvailable, settled, viewed, withMemo } from './states.ts'
import type { Claim, ClaimRequest, Viewer } from './store.ts'

/**
 * The decision of one atomic step: what the store answers, and what it writes. An adapter reads the records, calls one of
 * the functions below, and writes the result; it decides nothing itself.
 */
export interface Step<Answer> {
  readonly answer: Answer
  /** Replaces both records, if present. */
  readonly pair?: RecordPair
  /** Replaces the attempts counted for the outcome of the claim, if present. */
  readonly attempts?: Attempts
}

/**
 * Decides `SecretStore.claim`.
 *
 * @param pair Both records, if the id has any.
 * @param attempts The passphrase attempts counted at this secret for the outcome of the claim, if any.
 */
export function claimStep(
  pair: RecordPair | undefined,
  attempts: Attempts | undefined,
  request: ClaimRequest,
  now: Milliseconds,
): Step<Claim> {
  if (!isAvailable(pair, now)) return { answer: { kind: 'gone' } }
  const { sealed, root } = pair.secret
  if (!request.roots.includes(root)) return { answer: { kind: 'unreadable', root } }
  if (pair.secret.protected) return attemptStep(pair, attempts, request, now)
  const claimed = ended(pair, request.outcome, now)
  return { answer: { kind: 'claimed', sealed, receipt: claimed.receipt }, pair: claimed }
}

function attemptStep(
  { secret, receipt }: AvailablePair,
  attempts: Attempts | undefined,
  { attempt }: ClaimRequest,
  now: Milliseconds,
): Step<Claim> {
  if (attempt === undefined) return { answer: { kind: 'passphrase_required' } }
  const result = countAttempt(attempts, attempt, secretExpiry(receipt), now)
  if (result.kind === 'locked') return { answer: result }
  const { sealed } = secret
  const { left, retryAfter } = result
  const pause = retryAfter !== undefined && { retryAfter }
  return {
    answer: { kind: 'protected', sealed, receipt, attemptsLeft: left, ...pause },
    attempts: result.attempts,
  }
}

/** Decides `SecretStore.take`. */
export function takeStep(pair: RecordPair | undefined, outcome: Outcome, now: Milliseconds): Step<boolean> {
  return isAvailable(pair, now) ? { answer: true, pair: ended(pair, outcome, now) } : { answer: false }
}

/** Decides `SecretStore.settle`. */
export function settleStep(
  stored: RecordPair | undefined,
  viewer: Viewer,
  now: Milliseconds,
): Step<ReceiptRecord | undefined> {
  const pair = stored && settled(stored, now)
  if (pair === undefined) return { answer: undefined }
  const left = viewer === 'sender' ? viewed(pair, now) : pair
  return left === stored ? { answer: pair.receipt } : { answer: pair.receipt, pair: left }
}

/** Decides `SecretStore.setMemo`. */
export function memoStep(
  pair: RecordPair | undefined,
  memo: Buffer | undefined,
  now: Milliseconds,
): Step<boolean> {
  const exists = pair !== undefined && settled(pair, now) !== undefined
  return exists ? { answer: true, pair: withMemo(pair, memo) } : { answer: false }
}

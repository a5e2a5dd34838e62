import type { Milliseconds } from '../time.ts'
import { type RecordPair, receiptExpiry, type State, secretExpiry } from './records.ts'

/** A pair whose secret has not been claimed. */
export type AvailablePair = Required<RecordPair>

/** Whether a state is one in which the secret may still be there. */
export function isPending(state: State): state is 'new' | 'viewed' {
  return state === 'new' || state === 'viewed'
}

/** Whether the secret can still be claimed at `now`. */
export function isAvailable(pair: RecordPair | undefined, now: Milliseconds): pair is AvailablePair {
  return pair?.secret !== undefined && now < secretExpiry(pair.receipt)
}

/** Returns the pair without its secret, in a final state since `now`. */
export function ended({ receipt }: RecordPair, state: State, now: Milliseconds): RecordPair {
  return { receipt: { ...receipt, state, updated: now } }
}

/**
 * Returns the pair after what time has done to it until `now`: itself if nothing, undefined if everything. A secret past
 * its ttl is `expired`, one that is missing before its time `orphaned`.
 */
export function settled(pair: RecordPair, now: Milliseconds): RecordPair | undefined {
  // Said this way round, a time that is no number has passed.
  if (!(now < receiptExpiry(pair.receipt))) return undefined
  if (!isPending(pair.receipt.state)) return pair
  if (!(now < secretExpiry(pair.receipt))) return ended(pair, 'expired', now)
  return pair.secret === undefined ? ended(pair, 'orphaned', now) : pair
}

/** Returns the pair after its sender has looked at the receipt at `now`: itself unless it was new. */
export function viewed(pair: RecordPair, now: Milliseconds): RecordPair {
  if (pair.receipt.state !== 'new') return pair
  return { ...pair, receipt: { ...pair.receipt, state: 'viewed', updated: now } }
}

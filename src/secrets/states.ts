import type { Milliseconds } from '../time.ts'
import { type AvailableSecret, type RecordPair, receiptExpiry, type State, secretExpiry } from './records.ts'

/** Both records of a secret that can still be claimed. */
export type AvailablePair = Required<RecordPair>

/** Tells whether a state is not final, so that the secret may still be available. */
export function isPending(state: State): state is 'new' | 'viewed' {
  return state === 'new' || state === 'viewed'
}

/** Tells whether a secret can be claimed at `now`. */
export function isAvailable(pair: RecordPair | undefined, now: Milliseconds): pair is AvailablePair {
  return pair?.secret !== undefined && now < secretExpiry(pair.receipt)
}

/** Returns what is known of an available secret without opening it; undefined when it cannot be claimed at `now`. */
export function peeked(pair: RecordPair | undefined, now: Milliseconds): AvailableSecret | undefined {
  if (!isAvailable(pair, now)) return undefined
  const { created, ttl } = pair.receipt
  const { protected: isProtected, sender } = pair.secret
  return { created, ttl, protected: isProtected, ...(sender && { sender }) }
}

/** Returns the pair without its secret, moved to a final state at `now`. */
export function ended({ receipt }: RecordPair, state: State, now: Milliseconds): RecordPair {
  return { receipt: { ...receipt, state, updated: now } }
}

/**
 * Brings a pair up to date with `now`: a secret past its ttl becomes `expired`, one missing before that `orphaned`.
 *
 * @returns The same object when nothing has changed; undefined when the receipt has expired too.
 */
export function settled(pair: RecordPair, now: Milliseconds): RecordPair | undefined {
  // Written this way, a damaged time (NaN) counts as passed.
  if (!(now < receiptExpiry(pair.receipt))) return undefined
  if (!isPending(pair.receipt.state)) return pair
  if (!(now < secretExpiry(pair.receipt))) return ended(pair, 'expired', now)
  return pair.secret === undefined ? ended(pair, 'orphaned', now) : pair
}

/** Returns the pair with another memo; without one, if `memo` is undefined. */
export function withMemo({ receipt, ...pair }: RecordPair, memo: Buffer | undefined): RecordPair {
  const { memo: _, ...others } = receipt
  return { ...pair, receipt: memo === undefined ? others : { ...others, memo } }
}

/** Returns the pair after its sender viewed the receipt at `now`; the same object unless it was `new`. */
export function viewed(pair: RecordPair, now: Milliseconds): RecordPair {
  if (pair.receipt.state !== 'new') return pair
  return { ...pair, receipt: { ...pair.receipt, state: 'viewed', updated: now } }
}

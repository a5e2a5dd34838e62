import {
  type MetadataRecord,
  metadataExpiry,
  type SecretRecord,
  type State,
  secretExpiry,
} from '../../secrets/records.ts'

/** Both halves of a secret under one key, so that they can only change together. */
export interface Pair {
  readonly metadata: MetadataRecord
  /** Absent once the secret is gone. */
  readonly secret?: SecretRecord
}

/** A pair whose secret has not been claimed. */
export type WaitingPair = Required<Pair>

/** @returns Whether the secret can still be claimed at `now` (Unix ms). */
export function isWaiting(pair: Pair | undefined, now: number): pair is WaitingPair {
  return pair?.secret !== undefined && now < secretExpiry(pair.metadata)
}

/** @returns The pair without its secret, in a final state since `now` (Unix ms). */
export function ended({ metadata }: Pair, state: State, now: number): Pair {
  return { metadata: { ...metadata, state, updated: now } }
}

/** @returns The pair after what time has done to it until `now` (Unix ms): itself if nothing, undefined if all. */
export function settled(pair: Pair, now: number): Pair | undefined {
  const { state } = pair.metadata
  if (!(now < metadataExpiry(pair.metadata))) return undefined
  if (state !== 'new' && state !== 'viewed') return pair
  if (!(now < secretExpiry(pair.metadata))) return ended(pair, 'expired', now)
  return pair.secret === undefined ? ended(pair, 'orphaned', now) : pair
}

/** @returns The pair after its creator's look at `now` (Unix ms): itself unless it was new. */
export function viewed(pair: Pair, now: number): Pair {
  if (pair.metadata.state !== 'new') return pair
  return { ...pair, metadata: { ...pair.metadata, state: 'viewed', updated: now } }
}

import { derive, type KeyRing } from '../crypto/keys.ts'
import type { Budget } from '../limits/budget.ts'
import type { Guess } from './store.ts'

const MINUTE = 60_000
const PER_SOURCE: Budget = { limit: 5, windowMs: 10 * MINUTE }
const PER_SECRET: Budget = { limit: 20, windowMs: 30 * MINUTE }

/**
 * @param address The client's network address; only a keyed hash of it leaves this function.
 * @returns A guess by that client: 5 at one secret in 10 minutes, and 20 in 30 minutes for all clients together.
 */
export function guessFrom(ring: KeyRing, address: string): Guess {
  const source = derive(ring.current.key, 'guess-source', address).toString('base64url', 0, 12)
  return { source, perSource: PER_SOURCE, perSecret: PER_SECRET }
}

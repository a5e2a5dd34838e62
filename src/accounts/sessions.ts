import type { Actor } from '../secrets/actor.ts'
import { type Milliseconds, milliseconds, seconds } from '../time.ts'
import type { Account } from './authenticate.ts'
import type { AccountsContext } from './context.ts'
import { pseudonymOf } from './pseudonym.ts'

/** How long a session lasts. */
export const SESSION_TTL = seconds(12 * 3600)

/** The epoch of a session that began before its account ended any. */
export const FIRST_EPOCH = milliseconds(0)

/** How long a store keeps an epoch: longer than a session, because the clocks of servers differ. */
export const EPOCH_TTL = seconds(SESSION_TTL + 3600)

/**
 * Returns the epoch of a session that begins now. It is raised when the account ends its sessions: a session with a smaller
 * epoch has ended.
 *
 * @throws DomainError `store_unavailable`.
 */
export async function sessionEpoch(
  { store }: Pick<AccountsContext, 'store'>,
  { ids }: Pick<Account, 'ids'>,
): Promise<Milliseconds> {
  return newest(ids.map((id) => store.sessionEpoch(id)))
}

/**
 * Ends every session of an account that has begun so far, in every browser and on every server.
 *
 * @returns The epoch of sessions that begin from now on.
 * @throws DomainError `store_unavailable`; then some may have ended.
 */
export async function endSessions(
  { store, ring, now, onEvent }: AccountsContext,
  { email, ids }: Account,
  actor: Actor,
): Promise<Milliseconds> {
  const at = now()
  // Under each id, because another server may not have the newest root key yet.
  const epoch = await newest(ids.map((id) => store.raiseSessionEpoch(id, at, EPOCH_TTL)))
  onEvent?.('sessions_ended', pseudonymOf(ring, email), actor)
  return epoch
}

async function newest(epochs: readonly Promise<Milliseconds>[]): Promise<Milliseconds> {
  return milliseconds(Math.max(...(await Promise.all(epochs))))
}

import type { Actor } from '../secrets/actor.ts'
import type { Pseudonym } from './pseudonym.ts'

/** The events of accounts, for the audit log. */
export type AccountEvent =
  | 'account_created'
  | 'account_deleted'
  /** The API token was replaced. */
  | 'token_rotated'
  /** The sessions in all other browsers were ended. */
  | 'sessions_ended'
  /** The email address or the API token was wrong, or the header malformed. */
  | 'authentication_failed'

/**
 * Is called for each event. Must not throw.
 *
 * @param account The account concerned, which need not exist; undefined when none was named.
 */
export type AccountEventHandler = (event: AccountEvent, account: Pseudonym | undefined, actor: Actor) => void

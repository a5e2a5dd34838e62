import type { Actor } from './actor.ts'
import type { RecordId } from './keys.ts'

/** The events of secrets, for metrics and the audit log. */
export type SecretEvent =
  | 'created'
  /** Removed right after its creation, because sending an email or updating the recent list failed. */
  | 'withdrawn'
  | 'received'
  | 'burned'
  /** Found to have reached its ttl. */
  | 'expired'
  /** Found missing before its ttl. */
  | 'orphaned'
  /** A claim found no secret: already claimed, expired, or never created. */
  | 'gone'
  /** A claim had a wrong passphrase, or none. */
  | 'wrong_passphrase'
  /** A wrong passphrase was the last that its client network may try for now. */
  | 'locked'
  /** The failed passphrase attempts were cleared, so that all client networks may try again. */
  | 'attempts_cleared'

/** Is called for each event with the secret's record id, which does not reveal its key. Must not throw. */
export type EventHandler = (event: SecretEvent, id: RecordId, actor: Actor) => void

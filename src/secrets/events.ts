import type { RecordId } from './keys.ts'

/** What happens to secrets, for metrics and the audit log. */
export type SecretEvent =
  | 'created'
  /** Taken back at once because an email could not be handed over or the account's recent list not be written. */
  | 'withdrawn'
  | 'received'
  | 'burned'
  /** Seen to have reached its ttl. */
  | 'expired'
  /** Seen to be missing before its time. */
  | 'orphaned'
  /** A claim found nothing: it came second, or too late, or its key never existed. */
  | 'gone'
  /** A claim came without the right passphrase. */
  | 'wrong_passphrase'

/** Hears of each event, with the id under which the secret is stored, which leads to no key. Must not throw. */
export type EventHandler = (event: SecretEvent, id: RecordId) => void

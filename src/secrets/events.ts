import type { RecordId } from '../crypto/keys.ts'

/** What happens to secrets, for those who count it or write it down. */
export type SecretEvent =
  | 'created'
  /** Taken back at once because its mail could not be handed over or its account's list not be written. */
  | 'withdrawn'
  | 'received'
  | 'burned'
  /** Seen to have ended by its ttl. */
  | 'expired'
  /** Seen to be missing before its time. */
  | 'orphaned'
  /** A claim found nothing: it came second, or too late, or its key never existed. */
  | 'gone'
  /** A claim came without the right passphrase. */
  | 'wrong_passphrase'

/** Is told of each event, with the id under which the secret is stored, which leads to no key. Must not throw. */
export type Observer = (event: SecretEvent, id: RecordId) => void

import type { KeyRing } from '../crypto/key-ring.ts'
import type { PassphraseHasher } from '../crypto/passphrase.ts'
import type { Clock } from '../time.ts'
import type { EventHandler } from './events.ts'
import type { ImportStore } from './import-store.ts'
import type { OpenImported } from './imported-text.ts'
import type { SecretStore } from './store.ts'
import type { Turns } from './turns.ts'

/** What the secret use cases depend on. */
export interface SecretsContext {
  readonly store: SecretStore
  readonly imports: ImportStore
  readonly ring: KeyRing
  readonly hasher: PassphraseHasher
  readonly openImported: OpenImported
  /** Serialises the passphrase attempts of one client network at one secret. */
  readonly turns: Turns
  readonly now: Clock
  readonly onEvent?: EventHandler
}

import type { KeyRing } from '../crypto/keys.ts'
import type { PassphraseHasher } from '../crypto/passphrase.ts'
import type { Observer } from './events.ts'
import type { SecretStore } from './store.ts'

/** What every use case works with. */
export interface SecretsContext {
  readonly store: SecretStore
  readonly ring: KeyRing
  readonly hasher: PassphraseHasher
  /** @returns Unix milliseconds. */
  readonly now: () => number
  readonly observe?: Observer
}

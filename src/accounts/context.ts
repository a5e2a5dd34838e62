import type { KeyRing } from '../crypto/key-ring.ts'
import type { Clock } from '../time.ts'
import type { AccountId } from './records.ts'
import type { AccountStore } from './store.ts'

/** What the use cases of accounts work with. */
export interface AccountsContext {
  readonly store: AccountStore
  readonly ring: KeyRing
  /** Accounts that exist as long as the settings name them: id → keyed hash of the token. */
  readonly configured: ReadonlyMap<AccountId, Buffer>
  readonly now: Clock
}

import type { KeyRing } from '../crypto/key-ring.ts'
import type { Clock } from '../time.ts'
import type { AccountEventHandler } from './events.ts'
import type { NameIndex } from './name-index.ts'
import type { AccountId } from './records.ts'
import type { AccountStore } from './store.ts'

/** What the account use cases depend on. */
export interface AccountsContext {
  readonly store: AccountStore
  readonly ring: KeyRing
  /** Accounts from the `ACCOUNTS` setting: id → keyed hash of the token. */
  readonly configured: ReadonlyMap<AccountId, Buffer>
  readonly names: NameIndex
  readonly now: Clock
  readonly onEvent?: AccountEventHandler
}

import type { KeyRing } from '../crypto/keys.ts'
import type { AccountId } from './records.ts'
import type { AccountStore } from './store.ts'

/** What every use case works with. */
export interface AccountsContext {
  readonly store: AccountStore
  readonly ring: KeyRing
  /** Accounts that exist as long as the settings name them: id → keyed hash of the token. */
  readonly configured: ReadonlyMap<AccountId, Buffer>
  /** @returns Unix milliseconds. */
  readonly now: () => number
}

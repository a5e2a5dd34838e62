import type { AccountsContext } from '../accounts/context.ts'
import type { Mailer } from '../mail/mailer.ts'
import type { SecretsContext } from '../secrets/context.ts'
import type { SharingPolicy } from './policy.ts'

/** What the sharing use cases depend on. */
export interface SharingContext {
  readonly secrets: SecretsContext
  readonly accounts: AccountsContext
  /** Undefined when no SMTP server is configured. */
  readonly mailer: Mailer | undefined
  readonly policy: SharingPolicy
}

import type { AccountsContext } from '../../accounts/context.ts'
import type { SecretsContext } from '../../secrets/context.ts'

/** What an import depends on. */
export interface ImportContext {
  readonly secrets: Pick<SecretsContext, 'store' | 'imports' | 'ring' | 'now'>
  readonly accounts: Pick<AccountsContext, 'store' | 'ring' | 'now'>
  /** The site secrets of the old server: the present one, then those before it was rotated. */
  readonly siteSecrets: readonly string[]
}

/** Why an old record cannot be imported. */
export type Damage =
  /** Its key, or a time, is not what an old server writes. */
  | 'malformed'
  /** No site secret that was given opens it. */
  | 'does_not_open'
  | 'unknown_algorithm'
  /** Its passphrase has a digest of an unknown kind, or of an unreasonable cost. */
  | 'unknown_digest'

/** What became of an old secret or receipt. */
export type ImportResult =
  | { readonly kind: 'moved' }
  /** An earlier run moved it, whatever became of it here since then. */
  | { readonly kind: 'already' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'damaged'; readonly reason: Damage }

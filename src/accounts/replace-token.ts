import { DomainError } from '../errors.ts'
import type { Actor } from '../secrets/actor.ts'
import { type Account, authenticate } from './authenticate.ts'
import type { AccountsContext } from './context.ts'
import { saveToken } from './manage.ts'
import { pseudonymOf } from './pseudonym.ts'
import { recentReceipts, remember } from './recent.ts'
import { newToken, type Token } from './tokens.ts'

/** A new token that its owner has seen, and that is stored nowhere until it is activated. */
export interface DrawnToken {
  /** Of the account that it was drawn for, in canonical form. */
  readonly email: string
  /** The token at that time. No other is replaced, or an old page could bring back a token that was replaced meanwhile. */
  readonly replaces: Token
  readonly token: Token
}

/** Tells whether an account comes from the `ACCOUNTS` setting. Its token is replaced there, because the setting wins. */
export function isConfigured(
  { configured }: Pick<AccountsContext, 'configured'>,
  { ids }: Pick<Account, 'ids'>,
): boolean {
  return ids.some((id) => configured.has(id))
}

/** Draws a new token for an account. The account keeps its own until `activateToken`. */
export function drawToken({ email, token }: Account): DrawnToken {
  return { email, replaces: token, token: newToken() }
}

/**
 * Replaces the token of an account that has authenticated with a drawn one, and seals its recent list anew. Activating a
 * token again changes nothing.
 *
 * @returns The account with its new token; undefined when the token was drawn for another account, or to replace another token.
 * @throws DomainError `not_authorized` when the account no longer exists; `store_unavailable`.
 */
export async function activateToken(
  context: AccountsContext,
  account: Account,
  { email, replaces, token }: DrawnToken,
  actor: Actor,
): Promise<Account | undefined> {
  if (account.email !== email) return undefined
  if (account.token === token) return account
  if (account.token !== replaces) return undefined
  const receipts = await recentReceipts(context, account)
  // After the list was read: whoever activates the same token at the same time has not cleared it.
  const activated = await authenticate(context, email, token)
  if (activated !== undefined) return activated
  if (!(await saveToken(context, email, token))) throw new DomainError('not_authorized')
  context.onEvent?.('token_rotated', pseudonymOf(context.ring, email), actor)
  const replaced = { ...account, token }
  // The new token is valid even if an entry is lost. Oldest first, because that is the order within a millisecond.
  await Promise.allSettled(
    receipts.reverse().map(({ receiptKey, created }) => remember(context, replaced, receiptKey, created)),
  )
  return replaced
}

import type { Actor } from '../secrets/actor.ts'
import type { Account } from './authenticate.ts'
import type { AccountsContext } from './context.ts'
import { rotateToken } from './manage.ts'
import { pseudonymOf } from './pseudonym.ts'
import { recentReceipts, remember } from './recent.ts'

/** Tells whether an account comes from the `ACCOUNTS` setting. Its token is replaced there, because the setting wins. */
export function isConfigured(
  { configured }: Pick<AccountsContext, 'configured'>,
  { ids }: Pick<Account, 'ids'>,
): boolean {
  return ids.some((id) => configured.has(id))
}

/**
 * Replaces the token of an account that has authenticated, as `rotateToken` does, and seals its recent list anew.
 *
 * @returns The account with its new token, which cannot be shown again; undefined when the account no longer exists.
 * @throws DomainError `store_unavailable`.
 */
export async function replaceToken(
  context: AccountsContext,
  account: Account,
  actor: Actor,
): Promise<Account | undefined> {
  const receipts = await recentReceipts(context, account)
  const token = await rotateToken(context, account.email)
  if (token === undefined) return undefined
  context.onEvent?.('token_rotated', pseudonymOf(context.ring, account.email), actor)
  const replaced = { ...account, token }
  // The token must reach its owner even if an entry is lost. Oldest first, because that is the order within a millisecond.
  await Promise.allSettled(
    receipts.reverse().map(({ receiptKey, created }) => remember(context, replaced, receiptKey, created)),
  )
  return replaced
}

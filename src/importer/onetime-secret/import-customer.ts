import type { Account } from '../../accounts/authenticate.ts'
import { canonicalEmail, isEmailAddress } from '../../accounts/email-address.ts'
import { adoptAccount } from '../../accounts/manage.ts'
import { recentReceipts, remember, retentionAt } from '../../accounts/recent.ts'
import { acceptToken } from '../../accounts/token-strength.ts'
import { accountIds, type Token } from '../../accounts/tokens.ts'
import { parseUrName } from '../../accounts/ur-name.ts'
import { receiptKeysAmong } from '../../secrets/keys.ts'
import type { ImportContext } from './context.ts'
import type { OldCustomer } from './old-records.ts'

/** What became of an old account. */
export type CustomerResult =
  /** `receipts`: the number of entries that its recent list got. */
  | { readonly kind: 'moved' | 'already'; readonly receipts: number }
  /** There is an account with this email address and another API token, which was left as it is. */
  | { readonly kind: 'other_token' }
  /** It never had an API token. */
  | { readonly kind: 'without_token' }
  | { readonly kind: 'damaged' }

/**
 * Imports an account: its email address, its API token, its name `ur…` and its recent list. It may be interrupted and repeated.
 *
 * @returns Once the account is durable.
 * @throws DomainError `store_unavailable`.
 */
export async function importCustomer(context: ImportContext, old: OldCustomer): Promise<CustomerResult> {
  const email = canonicalEmail(old.email)
  if (!isEmailAddress(email)) return { kind: 'damaged' }
  if (old.token === undefined || old.token === '') return { kind: 'without_token' }
  const accepted = acceptToken(old.token, email)
  if (typeof accepted === 'string') return { kind: 'damaged' }
  const { token } = accepted
  const { accounts } = context
  const adoption = await adoptAccount(accounts, { email, token, name: parseUrName(old.extid ?? '') }, 'keep')
  if (adoption === 'kept') return { kind: 'other_token' }
  const receipts = await rememberAll(context, email, token, old.receipts)
  return { kind: adoption === 'created' ? 'moved' : 'already', receipts }
}

async function rememberAll(
  { accounts }: ImportContext,
  email: string,
  token: Token,
  receipts: OldCustomer['receipts'],
): Promise<number> {
  const account: Account = { email, token, ids: accountIds(accounts.ring, email) }
  const { horizon, keep } = retentionAt(accounts.now())
  const known = new Set((await recentReceipts(accounts, account)).map(({ receiptKey }) => receiptKey))
  const newest = receipts
    .filter(({ at }) => at >= horizon)
    .sort((a, b) => b.at - a.at)
    .slice(0, keep)
    .flatMap(({ key, at }) => receiptKeysAmong([key]).map((receiptKey) => ({ receiptKey, at })))
    .filter(({ receiptKey }) => !known.has(receiptKey))
  for (const { receiptKey, at } of newest.reverse()) await remember(accounts, account, receiptKey, at)
  return newest.length
}

import { timingSafeEqual } from 'node:crypto'
import type { KeyRing } from '../crypto/key-ring.ts'
import type { AccountsContext } from './context.ts'
import { canonicalEmail } from './email-address.ts'
import type { AccountId } from './records.ts'
import { accountIdOf, accountIds, hashToken, type Token } from './tokens.ts'
import { parseUrName } from './ur-name.ts'

/** An account that has authenticated with its token. */
export interface Account {
  /** In canonical form; v1's `custid`. */
  readonly email: string
  /** In clear, because it opens the account's recent list. */
  readonly token: Token
  /** The account id under each root key of the ring, newest first. Each may have a recent list. */
  readonly ids: readonly [AccountId, ...AccountId[]]
}

const NO_TOKEN = Buffer.alloc(32)

/**
 * Authenticates an account. An unknown user and a wrong token take the same time: for each root key one store read, one
 * hash and one constant-time comparison. With a ur name, both take that twice, and a refresh of the index in between.
 *
 * @param user Email address or ur name, in upper or lower case.
 * @returns Undefined when the account does not exist or the token is wrong.
 * @throws DomainError `store_unavailable`.
 */
export async function authenticate(
  context: AccountsContext,
  user: string,
  token: Token,
): Promise<Account | undefined> {
  const account = await checkToken(context, emailOf(context, user), token)
  if (account !== undefined || parseUrName(user) === undefined) return account
  await context.names.refresh()
  return checkToken(context, emailOf(context, user), token)
}

/**
 * Returns the email address of the account that a client names.
 *
 * @param user Email address or ur name, in upper or lower case.
 * @returns In canonical form. An unknown ur name stands for itself, which is no account's email address.
 */
export function emailOf({ names }: Pick<AccountsContext, 'names'>, user: string): string {
  const name = parseUrName(user)
  return name === undefined ? canonicalEmail(user) : (names.find(name) ?? name)
}

async function checkToken(
  { store, ring, configured }: AccountsContext,
  email: string,
  token: Token,
): Promise<Account | undefined> {
  const matches = await Promise.all(
    ring.all.map(async (root) => {
      const id = accountIdOf(root, email)
      const stored = await store.find(id)
      const expected = configured.get(id) ?? stored?.token ?? NO_TOKEN
      return timingSafeEqual(hashToken(root, id, token), expected)
    }),
  )
  return matches.includes(true) ? { email, token, ids: accountIds(ring, email) } : undefined
}

/** Returns the keyed token hashes of the accounts in the `ACCOUNTS` setting, by account id. */
export function configureAccounts(
  ring: KeyRing,
  accounts: readonly { readonly email: string; readonly token: Token }[],
): Map<AccountId, Buffer> {
  return new Map(
    accounts.map(({ email, token }) => {
      const id = accountIdOf(ring.current, canonicalEmail(email))
      return [id, hashToken(ring.current, id, token)]
    }),
  )
}

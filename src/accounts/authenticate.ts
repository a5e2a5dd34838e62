import { timingSafeEqual } from 'node:crypto'
import type { KeyRing } from '../crypto/key-ring.ts'
import type { AccountsContext } from './context.ts'
import { canonicalEmail } from './email-address.ts'
import type { AccountId } from './records.ts'
import { accountIdOf, accountIds, hashToken, type Token } from './tokens.ts'

/** An account that has proven its token. */
export interface Account {
  /** In canonical form; the `custid` of what it creates. */
  readonly email: string
  /** As it was given: it opens the account's recent list. */
  readonly token: Token
  /** Under each root key of the ring, newest first: where its recent lists may be. */
  readonly ids: readonly [AccountId, ...AccountId[]]
}

const NO_TOKEN = Buffer.alloc(32)

/**
 * Proves an account. An unknown user and a wrong token cost the same: for each root key one read of the store, one hash,
 * one comparison in constant time.
 *
 * @param user Email address, in any case.
 * @returns Undefined when there is no such account or the token is wrong.
 * @throws DomainError `store_unavailable`.
 */
export async function authenticate(
  { store, ring, configured }: AccountsContext,
  user: string,
  token: Token,
): Promise<Account | undefined> {
  const email = canonicalEmail(user)
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

/** Returns the ids of the accounts in the `ACCOUNTS` setting with the keyed hashes of their tokens. */
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

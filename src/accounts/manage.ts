import type { Milliseconds } from '../time.ts'
import type { AccountsContext } from './context.ts'
import { canonicalEmail } from './email-address.ts'
import { openEmail, sealEmail } from './sealed-email.ts'
import { accountIds, hashToken, newToken, type Token } from './tokens.ts'

/** What managing accounts depends on. */
export type ManagedAccounts = Pick<AccountsContext, 'store' | 'ring' | 'now'>

/** The text in place of an email address that does not open. */
export const UNREADABLE = '(unreadable)'

/**
 * Creates an account.
 *
 * @param email A valid address.
 * @returns The API token, which cannot be shown again; undefined when the account already exists.
 */
export async function createAccount(context: ManagedAccounts, email: string): Promise<Token | undefined> {
  const token = newToken()
  return (await storeToken(context, email, { token, when: 'absent' })) ? token : undefined
}

/**
 * Replaces an account's token in one step: the old token becomes invalid at once, with every session, and the recent list is
 * cleared. If that fails, the old token remains valid.
 *
 * @returns The new token, which cannot be shown again; undefined when the account does not exist.
 * @throws DomainError `store_unavailable`.
 */
export async function rotateToken(context: ManagedAccounts, email: string): Promise<Token | undefined> {
  const token = newToken()
  return (await saveToken(context, email, token)) ? token : undefined
}

/**
 * Replaces an account's token with a given one, as `rotateToken` does.
 *
 * @returns Whether the account exists.
 * @throws DomainError `store_unavailable`.
 */
export async function saveToken(context: ManagedAccounts, email: string, token: Token): Promise<boolean> {
  return storeToken(context, email, { token, when: 'present' })
}

/**
 * Removes an account. Its secrets remain until they are revealed or burned, or expire.
 *
 * @returns Whether the account existed.
 */
export async function removeAccount({ store, ring }: ManagedAccounts, email: string): Promise<boolean> {
  const removed = await Promise.all(accountIds(ring, canonicalEmail(email)).map((id) => store.remove(id)))
  return removed.includes(true)
}

/** Lists the stored accounts, sorted by email address. */
export async function listAccounts({
  store,
  ring,
}: ManagedAccounts): Promise<{ readonly email: string; readonly created: Milliseconds }[]> {
  const records = await store.list()
  return records
    .map((record) => ({ email: openEmail(ring, record) ?? UNREADABLE, created: record.created }))
    .sort((a, b) => a.email.localeCompare(b.email))
}

async function storeToken(
  { store, ring, now }: ManagedAccounts,
  address: string,
  { token, when }: { readonly token: Token; readonly when: 'absent' | 'present' },
): Promise<boolean> {
  const created = now()
  const canonical = canonicalEmail(address)
  const among = accountIds(ring, canonical)
  const [id] = among
  const email = sealEmail(ring, canonical, { id, created })
  const record = { email, token: hashToken(ring.current, id, token), created }
  return store.save(id, record, { among, when })
}

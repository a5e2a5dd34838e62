import type { Milliseconds } from '../time.ts'
import type { AccountsContext } from './context.ts'
import { canonicalEmail } from './email-address.ts'
import type { AccountId } from './records.ts'
import { openEmail, sealEmail } from './sealed-email.ts'
import { openName, sealName } from './sealed-name.ts'
import { accountIdOf, accountIds, hashToken, newToken, type Token } from './tokens.ts'
import type { UrName } from './ur-name.ts'

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

/** What became of an account that an operator brings along. */
export type Adoption =
  | 'created'
  /** It existed, with the same token. */
  | 'unchanged'
  /** It exists, with another token, which stays valid. */
  | 'kept'
  /** It existed, and its token was replaced, as `rotateToken` does. */
  | 'replaced'

/** An account that an operator brings along. */
export interface AdoptedAccount {
  readonly email: string
  /** Which its owner already has. */
  readonly token: Token
  /** The name under which another server knew it, if that had one. */
  readonly name?: UrName | undefined
}

/**
 * Creates an account with a token that its owner already has.
 *
 * @param existing What happens to the token of an account that exists with another one.
 * @throws DomainError `store_unavailable`.
 */
export async function adoptAccount(
  context: ManagedAccounts,
  { email, token, name }: AdoptedAccount,
  existing: 'keep' | 'replace',
): Promise<Adoption> {
  if (await storeToken(context, email, { token, name, when: 'absent' })) return 'created'
  if (await hasToken(context, email, token)) return 'unchanged'
  if (existing === 'keep') return 'kept'
  await storeToken(context, email, { token, when: 'either' })
  return 'replaced'
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

async function hasToken({ store, ring }: ManagedAccounts, address: string, token: Token): Promise<boolean> {
  const email = canonicalEmail(address)
  const matches = await Promise.all(
    ring.all.map(async (root) => {
      const id = accountIdOf(root, email)
      return (await store.find(id))?.token.equals(hashToken(root, id, token))
    }),
  )
  return matches.includes(true)
}

/** A token, and which account gets it. */
interface NewToken extends Pick<AdoptedAccount, 'token' | 'name'> {
  readonly when: 'absent' | 'present' | 'either'
}

async function storeToken(
  { store, ring, now }: ManagedAccounts,
  address: string,
  { token, when, name: given }: NewToken,
): Promise<boolean> {
  const created = now()
  const canonical = canonicalEmail(address)
  const among = accountIds(ring, canonical)
  const [id] = among
  const name = given ?? (when === 'absent' ? undefined : await findName({ store, ring }, among))
  const record = {
    email: sealEmail(ring, canonical, { id, created }),
    token: hashToken(ring.current, id, token),
    created,
    ...(name !== undefined && { name: sealName(ring, name, { id, created }) }),
  }
  return store.save(id, record, { among, when })
}

async function findName(
  { store, ring }: Pick<ManagedAccounts, 'store' | 'ring'>,
  ids: readonly AccountId[],
): Promise<UrName | undefined> {
  const records = await Promise.all(ids.map(async (id) => ({ id, record: await store.find(id) })))
  const names = records.map(({ id, record }) => record && openName(ring, { id, ...record }))
  return names.find((name) => name !== undefined)
}

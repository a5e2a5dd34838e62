import { randomBytes } from 'node:crypto'
import { open, seal } from '../crypto/envelope.ts'
import { newToken } from '../crypto/keys.ts'
import type { AccountsContext } from './context.ts'
import type { AccountRecord } from './records.ts'
import { accountIdOf, canonicalEmail, hashToken } from './tokens.ts'

const SALT_BYTES = 16

/**
 * @param email A valid address.
 * @returns The API token, which is shown this once; undefined when the account exists already.
 */
export async function createAccount(context: AccountsContext, email: string): Promise<string | undefined> {
  return (await findStored(context, email)) === undefined ? issueToken(context, email) : undefined
}

/**
 * Replaces an account's token: the old one is void at once, and the recent list starts anew.
 * @returns The new token, shown this once; undefined when there is no such account.
 */
export async function rotateToken(context: AccountsContext, email: string): Promise<string | undefined> {
  return (await removeAccount(context, email)) ? issueToken(context, email) : undefined
}

/** @returns Whether there was such an account. Its secrets live on until they are read or expire. */
export async function removeAccount({ store, ring }: AccountsContext, email: string): Promise<boolean> {
  const removed = await Promise.all(
    ring.all.map((root) => store.remove(accountIdOf(root, canonicalEmail(email)))),
  )
  return removed.includes(true)
}

/** @returns E-mail addresses and creation times (Unix ms) of the stored accounts, by address. */
export async function listAccounts({
  store,
  ring,
}: AccountsContext): Promise<{ email: string; created: number }[]> {
  const records = await store.list()
  return records
    .map(({ id, email, created }) => {
      const [salt, sealed] = [email.subarray(0, SALT_BYTES), email.subarray(SALT_BYTES)]
      const plaintext = open(ring, holder(salt), sealed, { id, created, ttl: 0 })
      return { email: plaintext?.toString() ?? '(unreadable)', created }
    })
    .sort((a, b) => a.email.localeCompare(b.email))
}

async function findStored(
  { store, ring }: AccountsContext,
  email: string,
): Promise<AccountRecord | undefined> {
  const ids = ring.all.map((root) => accountIdOf(root, canonicalEmail(email)))
  const records = await Promise.all(ids.map((id) => store.find(id)))
  return records.find((record) => record !== undefined)
}

async function issueToken({ store, ring, now }: AccountsContext, email: string): Promise<string> {
  const token = newToken()
  const created = now()
  const canonical = canonicalEmail(email)
  const id = accountIdOf(ring.current, canonical)
  const salt = randomBytes(SALT_BYTES)
  const sealed = seal(ring, holder(salt), Buffer.from(canonical), { id, created, ttl: 0 })
  const record = { email: Buffer.concat([salt, sealed]), token: hashToken(ring.current, id, token), created }
  await store.save(id, record)
  return token
}

function holder(salt: Buffer) {
  return { label: 'account', parts: [salt] } as const
}

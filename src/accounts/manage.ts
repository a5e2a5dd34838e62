import { randomBytes } from 'node:crypto'
import { open, seal } from '../crypto/envelope.ts'
import { type Milliseconds, seconds } from '../time.ts'
import type { AccountsContext } from './context.ts'
import { canonicalEmail } from './email-address.ts'
import type { AccountRecord } from './records.ts'
import { accountIdOf, hashToken, newToken, type Token } from './tokens.ts'

const SALT_BYTES = 16
const NO_TTL = seconds(0)

/**
 * Creates an account.
 *
 * @param email A valid address.
 * @returns The API token, which is shown this once; undefined when the account already exists.
 */
export async function createAccount(context: AccountsContext, email: string): Promise<Token | undefined> {
  return (await findStored(context, email)) === undefined ? issueToken(context, email) : undefined
}

/**
 * Replaces an account's token: the old one is invalid at once, and the recent list starts anew.
 *
 * @returns The new token, which is shown this once; undefined when the account does not exist.
 */
export async function rotateToken(context: AccountsContext, email: string): Promise<Token | undefined> {
  return (await removeAccount(context, email)) ? issueToken(context, email) : undefined
}

/**
 * Removes an account. Its secrets stay until they are revealed, burned or expired.
 *
 * @returns Whether the account existed.
 */
export async function removeAccount({ store, ring }: AccountsContext, email: string): Promise<boolean> {
  const removed = await Promise.all(
    ring.all.map((root) => store.remove(accountIdOf(root, canonicalEmail(email)))),
  )
  return removed.includes(true)
}

/** Lists the stored accounts by email address. */
export async function listAccounts({
  store,
  ring,
}: AccountsContext): Promise<{ readonly email: string; readonly created: Milliseconds }[]> {
  const records = await store.list()
  return records
    .map(({ id, email, created }) => {
      const [salt, sealed] = [email.subarray(0, SALT_BYTES), email.subarray(SALT_BYTES)]
      const plaintext = open(ring, recipient(salt), sealed, { id, created, ttl: NO_TTL })
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

async function issueToken({ store, ring, now }: AccountsContext, email: string): Promise<Token> {
  const token = newToken()
  const created = now()
  const canonical = canonicalEmail(email)
  const id = accountIdOf(ring.current, canonical)
  const salt = randomBytes(SALT_BYTES)
  const sealed = seal(ring, recipient(salt), Buffer.from(canonical), { id, created, ttl: NO_TTL })
  const record = { email: Buffer.concat([salt, sealed]), token: hashToken(ring.current, id, token), created }
  await store.save(id, record)
  return token
}

function recipient(salt: Buffer) {
  return { label: 'account', parts: [salt] } as const
}

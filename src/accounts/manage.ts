import { randomBytes } from 'node:crypto'
import { open, seal } from '../crypto/envelope.ts'
import { type Milliseconds, seconds } from '../time.ts'
import type { AccountsContext } from './context.ts'
import { canonicalEmail } from './email-address.ts'
import { accountIds, hashToken, newToken, type Token } from './tokens.ts'

const SALT_BYTES = 16
const NO_TTL = seconds(0)

/**
 * Creates an account.
 *
 * @param email A valid address.
 * @returns The API token, which cannot be shown again; undefined when the account already exists.
 */
export async function createAccount(context: AccountsContext, email: string): Promise<Token | undefined> {
  return issueToken(context, email, 'absent')
}

/**
 * Replaces an account's token in one step: the old token becomes invalid at once, and the recent list is cleared. If that
 * fails, the old token remains valid.
 *
 * @returns The new token, which cannot be shown again; undefined when the account does not exist.
 * @throws DomainError `store_unavailable`.
 */
export async function rotateToken(context: AccountsContext, email: string): Promise<Token | undefined> {
  return issueToken(context, email, 'present')
}

/**
 * Removes an account. Its secrets remain until they are revealed or burned, or expire.
 *
 * @returns Whether the account existed.
 */
export async function removeAccount({ store, ring }: AccountsContext, email: string): Promise<boolean> {
  const removed = await Promise.all(accountIds(ring, canonicalEmail(email)).map((id) => store.remove(id)))
  return removed.includes(true)
}

/** Lists the stored accounts, sorted by email address. */
export async function listAccounts({
  store,
  ring,
}: AccountsContext): Promise<{ readonly email: string; readonly created: Milliseconds }[]> {
  const records = await store.list()
  return records
    .map(({ id, email, created }) => {
      const [salt, sealed] = [email.subarray(0, SALT_BYTES), email.subarray(SALT_BYTES)]
      const plaintext = open(ring, keyInput(salt), sealed, { id, created, ttl: NO_TTL })
      return { email: plaintext?.toString() ?? '(unreadable)', created }
    })
    .sort((a, b) => a.email.localeCompare(b.email))
}

async function issueToken(
  { store, ring, now }: AccountsContext,
  email: string,
  when: 'absent' | 'present',
): Promise<Token | undefined> {
  const token = newToken()
  const created = now()
  const canonical = canonicalEmail(email)
  const among = accountIds(ring, canonical)
  const [id] = among
  const salt = randomBytes(SALT_BYTES)
  const sealed = seal(ring, keyInput(salt), Buffer.from(canonical), { id, created, ttl: NO_TTL })
  const record = { email: Buffer.concat([salt, sealed]), token: hashToken(ring.current, id, token), created }
  return (await store.save(id, record, { among, when })) ? token : undefined
}

function keyInput(salt: Buffer) {
  return { label: 'account', parts: [salt] } as const
}

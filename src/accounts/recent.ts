import { randomBytes } from 'node:crypto'
import { open, seal } from '../crypto/envelope.ts'
import type { Account } from './authenticate.ts'
import type { AccountsContext } from './context.ts'

const DAY = 86_400_000
const SALT_BYTES = 16

/** How long an entry stays in a recent list, in milliseconds. */
export const RECENT_HORIZON_MS = 30 * DAY
/** How many entries a recent list keeps. */
export const RECENT_KEPT = 1000

/**
 * Adds a metadata key to the account's recent list, sealed so that only the API token opens it. The list keeps the
 * newest 1,000 of 30 days.
 * @throws DomainError `store_unavailable`.
 */
export async function remember(
  { store, ring, now }: AccountsContext,
  account: Account,
  metadataKey: string,
): Promise<void> {
  const created = now()
  const salt = newSalt()
  const [id] = account.ids
  const sealed = seal(ring, holder(account, salt), Buffer.from(metadataKey), { id, created, ttl: 0 })
  const entry = { sealed: Buffer.concat([salt, sealed]), created }
  await store.remember(id, entry, created - RECENT_HORIZON_MS, RECENT_KEPT, created)
}

/**
 * @returns The metadata keys of the last 30 days, newest first. Entries that do not open are left out: their token or
 *   root key has been replaced, or they are damaged.
 * @throws DomainError `store_unavailable`.
 */
export async function recentKeys({ store, ring, now }: AccountsContext, account: Account): Promise<string[]> {
  const horizon = now() - RECENT_HORIZON_MS
  const lists = await Promise.all(
    account.ids.map(async (id) => {
      const entries = await store.recent(id, horizon)
      return entries.map(({ sealed, created }) => {
        const salt = sealed.subarray(0, SALT_BYTES)
        const key = open(ring, holder(account, salt), sealed.subarray(SALT_BYTES), { id, created, ttl: 0 })
        return { key: key?.toString(), created }
      })
    }),
  )
  return lists
    .flat()
    .sort((a, b) => b.created - a.created)
    .map(({ key }) => key)
    .filter((key) => key !== undefined)
}

// It begins with the machine's monotonic clock, so that entries of one millisecond stay in order.
function newSalt(): Buffer {
  const salt = randomBytes(SALT_BYTES)
  salt.writeBigUInt64BE(process.hrtime.bigint())
  return salt
}

function holder({ email, token }: Account, salt: Buffer) {
  return { label: 'recent', parts: [email, token, salt] } as const
}

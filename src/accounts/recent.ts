import { randomBytes } from 'node:crypto'
import { open, seal } from '../crypto/envelope.ts'
import { parseReceiptKey, type ReceiptKey } from '../secrets/keys.ts'
import { type Milliseconds, milliseconds, seconds } from '../time.ts'
import type { Account } from './authenticate.ts'
import type { AccountsContext } from './context.ts'
import type { Retention } from './store.ts'

const DAY = 86_400_000
const HORIZON_DAYS = 30
const KEPT = 1000
const SALT_BYTES = 16
const NO_TTL = seconds(0)

/** Returns what a recent list keeps at `now`: the newest 1,000 entries of the last 30 days. */
export function retentionAt(now: Milliseconds): Retention {
  return { horizon: milliseconds(now - HORIZON_DAYS * DAY), keep: KEPT }
}

/** What recent lists depend on. */
export type RecentContext = Pick<AccountsContext, 'store' | 'ring' | 'now'>

/** An entry of a recent list, opened. */
export interface RecentReceipt {
  readonly receiptKey: ReceiptKey
  readonly created: Milliseconds
}

/**
 * Adds a receipt key to the account's recent list, sealed so that only the API token opens it.
 *
 * @param created When the secret was created; now, by default.
 * @throws DomainError `store_unavailable`.
 */
export async function remember(
  { store, ring, now }: RecentContext,
  account: Account,
  receiptKey: ReceiptKey,
  created: Milliseconds = now(),
): Promise<void> {
  const salt = newSalt()
  const [id] = account.ids
  const binding = { id, created, ttl: NO_TTL }
  const sealed = seal(ring, keyInput(account, salt), Buffer.from(receiptKey), binding)
  const entry = { sealed: Buffer.concat([salt, sealed]), created }
  await store.remember(id, entry, retentionAt(now()), now())
}

/**
 * Returns the receipt keys of an account's recent list, newest first. Skips entries that do not open, because their token
 * or root key was replaced or they are damaged.
 *
 * @throws DomainError `store_unavailable`.
 */
export async function recentKeys(context: RecentContext, account: Account): Promise<ReceiptKey[]> {
  return (await recentReceipts(context, account)).map(({ receiptKey }) => receiptKey)
}

/**
 * Returns the same as `recentKeys`, with the times of creation.
 *
 * @throws DomainError `store_unavailable`.
 */
export async function recentReceipts(
  { store, ring, now }: RecentContext,
  account: Account,
): Promise<RecentReceipt[]> {
  const { horizon } = retentionAt(now())
  const lists = await Promise.all(
    account.ids.map(async (id) => {
      const entries = await store.recent(id, horizon)
      return entries.map(({ sealed, created }) => {
        const salt = sealed.subarray(0, SALT_BYTES)
        const binding = { id, created, ttl: NO_TTL }
        return { key: open(ring, keyInput(account, salt), sealed.subarray(SALT_BYTES), binding), created }
      })
    }),
  )
  return lists
    .flat()
    .sort((a, b) => b.created - a.created)
    .flatMap(({ key, created }) =>
      key === undefined ? [] : [{ receiptKey: parseReceiptKey(key.toString()), created }],
    )
}

// Begins with the monotonic clock, so that entries created in the same millisecond stay in order.
function newSalt(): Buffer {
  const salt = randomBytes(SALT_BYTES)
  salt.writeBigUInt64BE(process.hrtime.bigint())
  return salt
}

function keyInput({ email, token }: Account, salt: Buffer) {
  return { label: 'recent', parts: [email, token, salt] } as const
}

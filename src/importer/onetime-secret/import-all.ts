import type { OldTimes } from './found-record.ts'
import { type Destination, type MovingOptions, moveAll } from './move-all.ts'
import type { OldReceipt, OldSecret } from './old-records.ts'
import type { OldRedis } from './old-redis.ts'
import type { Note } from './outcome.ts'
import { readCustomers } from './read-customers.ts'
import { readReceipts } from './read-receipts.ts'
import { readSecrets } from './read-secrets.ts'
import { needsSiteSecretAtReveal } from './read-text.ts'
import type { Layout } from './survey.ts'

/** What is imported from. */
export interface Source {
  readonly old: OldRedis
  readonly layout: Layout
  readonly times: OldTimes
}

/** How to import. */
export interface ImportOptions extends MovingOptions {
  /** The size in bytes above which a secret counts as large. */
  readonly largeBytes: number
}

/**
 * Imports everything: secrets with their receipts, the other receipts, and accounts, which name the owners of receipts and so
 * come last.
 *
 * @throws ForeignRedisError; DomainError `store_unavailable`.
 */
export async function importAll(
  { old, layout, times }: Source,
  destination: Destination,
  options: ImportOptions,
): Promise<void> {
  const secrets = readSecrets(old, layout, times)
  await moveAll(
    old,
    secrets,
    {
      kind: 'secret',
      move: (secret) => destination.secret(secret),
      stateOf: ({ state }) => state,
      receiptOf: ({ receipt }) => receipt?.key,
      notesOf: (secret) => notesOf(secret, options.largeBytes),
    },
    options,
  )
  await moveAll(
    old,
    readReceipts(old, layout, times),
    {
      kind: 'receipt',
      move: (receipt) => destination.receipt(receipt),
      stateOf: stateOfLone,
      notesOf: () => [],
    },
    options,
  )
  await moveAll(
    old,
    readCustomers(old, layout),
    {
      kind: 'customer',
      move: (customer) => destination.customer(customer),
      stateOf: () => '',
      notesOf: () => [],
    },
    options,
  )
}

function notesOf(secret: OldSecret, largeBytes: number): Note[] {
  const { truncated, ciphertext } = secret
  const notes: Note[] = truncated ? ['truncated'] : []
  // As large as its text, or up to 16 bytes larger.
  const { length } = ciphertext.kind === 'cbc' ? ciphertext.value : ciphertext.ciphertext
  if (length > largeBytes) notes.push('large')
  if (needsSiteSecretAtReveal(secret)) notes.push('needs-site-secret')
  return notes
}

// Old servers notice that a secret has expired only when its receipt is viewed.
function stateOfLone({ state }: OldReceipt): string {
  return state === 'new' || state === 'previewed' ? 'expired' : state
}

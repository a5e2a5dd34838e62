import type { FaultName } from './fault.ts'
import type { Operation } from './operations.ts'

const REMEMBERED = 10_000

/** A request that a server has received. It contains no key, secret, passphrase or token, unless the journal is full. */
export interface JournalEntry {
  readonly method: string
  /** With names for keys: `/api/v1/secret/:key`. What is in no path of the server is `*`. */
  readonly path: string
  readonly operation: Operation
  /** The email address of the account; null for an anonymous request, or before it is answered. */
  readonly account: string | null
  /** Null until the answer is sent, and if none ever is. */
  readonly status: number | null
  /** The fault that happened to it. */
  readonly fault: FaultName | null
  /** Only in a full journal: the request as it came. */
  readonly request?: {
    readonly url: string
    readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
    readonly body: string
  }
}

/** An entry that is still being written. */
export type OpenEntry = { -readonly [Field in keyof JournalEntry]: JournalEntry[Field] }

/** What is kept of a request: `masked` leaves out whatever opens a secret or proves who someone is. */
export type JournalKind = 'masked' | 'full'

/** The requests that a server has received, in the order in which they arrived. */
export interface Journal {
  add(entry: OpenEntry): void
  list(): JournalEntry[]
  clear(): void
}

/** Creates an empty journal. It forgets the oldest requests when there are very many. */
export function createJournal(): Journal {
  let entries: OpenEntry[] = []
  return {
    add(entry) {
      entries.push(entry)
      if (entries.length >= 2 * REMEMBERED) entries = entries.slice(-REMEMBERED)
    },
    list: () => entries.slice(-REMEMBERED).map((entry) => ({ ...entry })),
    clear() {
      entries = []
    },
  }
}

import type { AccountId, AccountRecord } from '../../accounts/records.ts'
import type { RecordId } from '../../crypto/keys.ts'
import type { Environment, Table } from './environment.ts'
import type { Guesses } from './guesses.ts'
import type { Pair } from './pairs.ts'

/** Account, creation (Unix ms), and the beginning of the entry in hexadecimal digits. */
export type RecentKey = [account: AccountId, created: number, front: string]

/** The tables of the durable file. */
export interface Tables {
  readonly environment: Environment
  readonly pairs: Table<Pair, RecordId>
  readonly guesses: Table<Guesses, RecordId>
  /** When to look whether something under an id is over: Unix milliseconds and the id. */
  readonly expiry: Table<true, [at: number, id: RecordId]>
  readonly accounts: Table<AccountRecord, AccountId>
  /** Sealed metadata keys. */
  readonly recent: Table<Buffer, RecentKey>
  /** When a recent entry falls behind its horizon: Unix milliseconds and the entry's key. */
  readonly recentExpiry: Table<true, [at: number, ...RecentKey]>
  /** Written to find out whether writing works. */
  readonly probe: Table<number, 'written'>
}

/** @returns The tables, created if they are missing. @throws Error of LMDB. */
export function openTables(environment: Environment): Tables {
  return {
    environment,
    pairs: environment.table('pairs'),
    guesses: environment.table('guesses'),
    expiry: environment.table('expiry'),
    accounts: environment.table('accounts'),
    recent: environment.table('recent'),
    recentExpiry: environment.table('recentExpiry'),
    probe: environment.table('probe'),
  }
}

import type { AccountId, AccountRecord } from '../../accounts/records.ts'
import type { RecordId } from '../../secrets/keys.ts'
import type { Environment, Table } from './environment.ts'
import type { AttemptsOnDisk, PairOnDisk } from './format.ts'

/** Account id, creation time (Unix ms), and the first bytes of the entry as hexadecimal digits. */
export type RecentKey = [account: AccountId, created: number, prefix: string]

/** The tables of the durable file. Their names on disk are frozen since 0.1.0. */
export interface Tables {
  readonly environment: Environment
  readonly pairs: Table<PairOnDisk, RecordId>
  readonly attempts: Table<AttemptsOnDisk, RecordId>
  /** The index of secrets, receipts and attempts by expiry: Unix milliseconds, then the id. */
  readonly expiry: Table<true, [at: number, id: RecordId]>
  readonly accounts: Table<AccountRecord, AccountId>
  /** Sealed receipt keys. */
  readonly recent: Table<Buffer, RecentKey>
  /** The index of recent entries by expiry: Unix milliseconds, then the entry's key. */
  readonly recentExpiry: Table<true, [at: number, ...RecentKey]>
  /** Written to check whether the store accepts writes. */
  readonly probe: Table<number, 'written'>
}

/** Opens the tables, and creates missing ones. @throws An LMDB error. */
export function openTables(environment: Environment): Tables {
  return {
    environment,
    pairs: environment.table('pairs'),
    attempts: environment.table('guesses'),
    expiry: environment.table('expiry'),
    accounts: environment.table('accounts'),
    recent: environment.table('recent'),
    recentExpiry: environment.table('recentExpiry'),
    probe: environment.table('probe'),
  }
}

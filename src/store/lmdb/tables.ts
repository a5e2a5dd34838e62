import type { AccountId, AccountRecord } from '../../accounts/records.ts'
import type { RecordId } from '../../secrets/keys.ts'
import type { Environment, Table } from './environment.ts'
import type { AttemptsOnDisk, PairOnDisk } from './format.ts'

/** Account, creation (Unix ms), and the first bytes of the entry in hexadecimal digits. */
export type RecentKey = [account: AccountId, created: number, prefix: string]

/** The tables of the durable file. Their names on disk are those of 0.1.0. */
export interface Tables {
  readonly environment: Environment
  readonly pairs: Table<PairOnDisk, RecordId>
  readonly attempts: Table<AttemptsOnDisk, RecordId>
  /** When something under an id expires: Unix milliseconds and the id. */
  readonly expiry: Table<true, [at: number, id: RecordId]>
  readonly accounts: Table<AccountRecord, AccountId>
  /** Sealed receipt keys. */
  readonly recent: Table<Buffer, RecentKey>
  /** When an entry of a recent list expires: Unix milliseconds and the entry's key. */
  readonly recentExpiry: Table<true, [at: number, ...RecentKey]>
  /** Written to find out whether the store accepts writes. */
  readonly probe: Table<number, 'written'>
}

/** Opens the tables, and creates those that are missing. @throws Error of LMDB. */
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

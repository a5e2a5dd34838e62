import type { AccountId, AccountRecord } from '../../accounts/records.ts'
import type { AliasId } from '../../secrets/alias-ids.ts'
import type { RecordId } from '../../secrets/keys.ts'
import type { Outcome } from '../../secrets/records.ts'
import type { Milliseconds } from '../../time.ts'
import type { RootRecord } from '../roots.ts'
import type { RememberedMoment } from './clock.ts'
import type { Environment } from './environment.ts'
import type { AliasOnDisk, AttemptsOnDisk, PairOnDisk, SessionEpochOnDisk } from './format.ts'
import type { CountedTable, Table } from './table.ts'

/** Account id, creation time (Unix ms), and the first bytes of the entry as hexadecimal digits. */
export type RecentKey = [account: AccountId, created: number, prefix: string]

/** The tables of the durable file. Those that 0.1.0 had keep their names. */
export interface Tables {
  readonly environment: Environment
  readonly pairs: CountedTable<PairOnDisk, RecordId>
  /** Passphrase attempts at a secret, by intended outcome. */
  readonly attempts: Readonly<Record<Outcome, Table<AttemptsOnDisk, RecordId>>>
  /** The index of secrets, receipts and attempts by expiry: Unix milliseconds, then the id. */
  readonly expiry: Table<true, [at: number, id: RecordId]>
  readonly accounts: Table<AccountRecord, AccountId>
  /** Sealed receipt keys. */
  readonly recent: Table<Buffer, RecentKey>
  /** The index of recent entries by expiry: Unix milliseconds, then the entry's key. */
  readonly recentExpiry: Table<true, [at: number, ...RecentKey]>
  /** The epochs of sessions, of accounts that have ended some. */
  readonly sessions: Table<SessionEpochOnDisk, AccountId>
  /** The root keys that have sealed something, newest first. */
  readonly roots: Table<readonly RootRecord[], 'recorded'>
  /** What leads from the keys of another server to ours. */
  readonly aliases: Table<AliasOnDisk, AliasId>
  /** The index of aliases by expiry: Unix milliseconds, then the id. */
  readonly aliasExpiry: Table<true, [at: number, id: AliasId]>
  /** Written to check whether the store accepts writes. */
  readonly probe: Table<number, 'written'>
  /** The last moment at which the wall clock was right, in the same table. */
  readonly clock: Table<RememberedMoment, 'clock'>
  /** Until when secrets wait for a site secret of another server (Unix ms), in the same table. */
  readonly awaited: Table<number, 'siteSecret'>
  /** When a backup was last complete, in the same table. */
  readonly backedUp: Table<Milliseconds, 'backedUp'>
}

/** The names of all tables in the durable file. */
export const TABLE_NAMES: readonly string[] = [
  ...[
    'pairs',
    'guesses',
    'burnAttempts',
    'expiry',
    'accounts',
    'recent',
    'recentExpiry',
    'sessions',
    'roots',
  ],
  ...['aliases', 'aliasExpiry', 'probe'],
]

/** Opens the tables, and creates missing ones. @throws An LMDB error. */
export function openTables(environment: Environment): Tables {
  const probe = environment.table<never, never>('probe')
  return {
    environment,
    pairs: environment.records('pairs'),
    attempts: {
      received: environment.records('guesses'),
      burned: environment.records('burnAttempts'),
    },
    expiry: environment.table('expiry'),
    accounts: environment.records('accounts'),
    recent: environment.table('recent'),
    recentExpiry: environment.table('recentExpiry'),
    sessions: environment.table('sessions'),
    roots: environment.table('roots'),
    aliases: environment.records('aliases'),
    aliasExpiry: environment.table('aliasExpiry'),
    probe,
    clock: probe,
    awaited: probe,
    backedUp: probe,
  }
}

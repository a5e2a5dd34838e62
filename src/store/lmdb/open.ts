import { setTimeout as sleep } from 'node:timers/promises'
import { syncToDisk } from '../../durable-file.ts'
import { DomainError } from '../../errors.ts'
import { type Clock, type Milliseconds, milliseconds } from '../../time.ts'
import { isUnfit } from '../clock-limits.ts'
import { shareProbe } from '../shared-probe.ts'
import type { Store, StoreWatcher } from '../store.ts'
import { createAccountStore } from './accounts.ts'
import { copyAsBackup } from './backup.ts'
import { createMachineUptime, type WatchedClock, watchClock } from './clock.ts'
import { openEnvironment } from './environment.ts'
import { fillFolder, finishStore, fullnessOf, prepareFolder } from './folder.ts'
import { createImportStore } from './imports.ts'
import { createMeasure } from './measure.ts'
import { createCounter, createRateStore, openRateTables, type RateTables } from './rates.ts'
import { createRootStore } from './roots.ts'
import { createSecretStore } from './secrets.ts'
import { sweep } from './sweep.ts'
import { startSweeping } from './sweeper.ts'
import { openTables, type Tables } from './tables.ts'
import { folderWarnings } from './warnings.ts'

/** A process that holds the write lock this long is stuck, and blocks all other writers. */
const READY_WITHIN_MS = 2000

/** Free bytes reserved for claims and the sweep, because LMDB may kill the process when its disk is full. */
const RESERVE_BYTES = 16 * 1024 * 1024

/** How to open the embedded store. */
export interface LmdbOptions {
  /** The clock of the sweep; the machine's by default. */
  readonly clock?: Clock
  /** The clock that it is compared with; the machine's uptime by default, but none for another `clock`. */
  readonly uptime?: Clock
  /** Free bytes on the disk below which nothing new is stored. 16 MiB by default. */
  readonly reserveBytes?: number
  readonly watcher?: Pick<StoreWatcher, 'onFault' | 'onSweep'> & Partial<Pick<StoreWatcher, 'onClockSkew'>>
}

/** What a backup holds. */
export interface BackUpOptions {
  /** What becomes of secrets that can still be revealed; `kept` by default. The receipts of those left out become `orphaned`. */
  readonly unread?: 'kept' | 'left out'
  /** Writes what else belongs into the folder, before the copy counts as whole. */
  readonly beside?: () => Promise<void>
}

/** The embedded store. */
export interface LmdbStore extends Store {
  /**
   * Deletes expired records. The store also does this every minute.
   *
   * @throws DomainError `store_unavailable`.
   */
  sweep(now: Milliseconds): Promise<void>
  /**
   * Copies a consistent snapshot of the store to another folder, even while others write. The copy contains no remains of
   * deleted records, and no rate limits, and remembers when it was made.
   *
   * @param to Created if it is missing; must be empty.
   * @throws An LMDB or file system error.
   */
  backUp(to: string, options?: BackUpOptions): Promise<void>
  /** Records for `measure` that the last copy has become a complete backup. Never throws: the backup is good all the same. */
  recordBackup(): Promise<void>
}

/**
 * Opens the embedded store. Several processes can open the same folder, but each process only once: opening takes the write
 * lock, and would deadlock if another connection of the same process held that.
 *
 * @param folder The data folder. If missing, it is created, accessible only to the owner.
 * @throws DomainError `store_unavailable` with the reason as cause.
 */
export async function openLmdbStore(folder: string, options: LmdbOptions = {}): Promise<LmdbStore> {
  const { reserveBytes = RESERVE_BYTES, watcher } = options
  const fullness = fullnessOf(folder, reserveBytes)
  const { tables, rates, boot, path } = await openFiles(folder, fullness)
  const counter = createCounter(rates)
  const clock = openClock(tables, boot, options)
  const readiness = shareProbe(async () => {
    const { now, skew, warning } = clock.read()
    // Like a claim, it is written even on a disk that is almost full.
    const written = tables.environment.transact(() => void tables.probe.put('written', now))
    await Promise.race([written, sleep(READY_WITHIN_MS, undefined, { ref: false }).then(rejectStuck)])
    const full = fullness()
    return {
      ...(full !== undefined && { full }),
      ...(isUnfit(skew) && { unfit: `clock_skew: ${warning}` }),
      ...(warning !== undefined && { clockSkew: skew }),
      warnings: warning === undefined ? [] : [warning],
    }
  })
  let lastCopy: Milliseconds | undefined
  const stopSweeping = startSweeping({ tables, rates, clock, watcher })

  async function warnings(): Promise<string[]> {
    const { warning } = clock.read()
    const own = [tables.environment.damage, warning].filter((line) => line !== undefined)
    return [...own, ...(await folderWarnings(folder))]
  }

  return {
    secrets: createSecretStore(tables, counter, clock),
    imports: createImportStore(tables, clock),
    accounts: createAccountStore(tables, clock),
    rates: createRateStore(counter),
    roots: createRootStore(tables),

    ready: readiness.ask,
    reachable: async () => void tables.environment.read(() => tables.probe.get('written')),
    measure: createMeasure(tables, path, clock),
    warnings,
    sweep: async (now) => void (await sweep(tables, rates, now)),
    async backUp(to, { unread = 'kept', beside = async () => undefined } = {}) {
      const { now } = clock.read()
      const copy = (draft: string) =>
        copyAsBackup(tables, draft, now, unread).catch((cause: Error) => {
          throw new Error(`the store cannot be copied to ${to}: ${cause.message}`, { cause })
        })
      await fillFolder(to, copy, beside)
      lastCopy = now
    },

    async recordBackup() {
      const at = lastCopy
      if (at === undefined) return
      const work = () => void tables.backedUp.put('backedUp', at)
      await tables.environment.transact(work).catch(() => undefined)
    },

    async close() {
      stopSweeping()
      readiness.forget()
      await tables.environment.close()
      // Last, because the steps that were under way count their requests there.
      await rates.environment.close()
    },
  }
}

function openClock(
  { environment, clock }: Tables,
  boot: string | undefined,
  options: LmdbOptions,
): WatchedClock {
  const { clock: wall = () => milliseconds(Date.now()), watcher } = options
  const { uptime = options.clock === undefined ? createMachineUptime() : undefined } = options
  const remembered = environment.read(() => clock.get('clock'))
  const onSkew = (warning: string) => watcher?.onClockSkew?.(warning)
  return watchClock({ wall, uptime, boot, remembered, onSkew })
}

async function openFiles(
  folder: string,
  fullness: () => string | undefined,
): Promise<{ tables: Tables; rates: RateTables; boot: string | undefined; path: string }> {
  try {
    const files = prepareFolder(folder)
    const assertFreeSpace = () => {
      const full = fullness()
      if (full !== undefined) throw new Error(full)
    }
    const tables = openTables(await openEnvironment(files.durable, { durable: true, assertFreeSpace }))
    const rates = openRateTables(
      await openEnvironment(files.volatile, { durable: !files.discarded, assertFreeSpace }),
    )
    syncToDisk(folder)
    finishStore(folder)
    return { tables, rates, boot: files.boot, path: files.durable }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const cause = new Error(`the data folder ${folder} cannot be opened: ${reason}`, { cause: error })
    throw new DomainError('store_unavailable', { cause })
  }
}

function rejectStuck(): never {
  const cause = new Error(`another process has held the write lock for ${READY_WITHIN_MS} ms`)
  throw new DomainError('store_unavailable', { cause })
}

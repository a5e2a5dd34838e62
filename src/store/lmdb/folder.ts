import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile, syncToDisk } from '../../durable-file.ts'
import { createPrivateFolder } from './private-folder.ts'

const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id'
/** The file of what must survive a crash of the machine. */
export const DURABLE_NAME = 'secrets.mdb'
const VOLATILE_PREFIX = 'rates'
/** The sums of the files of a backup. */
export const SUMS_NAME = 'backup.sha256'
/** Exists while a store is copied into the folder. */
const PARTIAL_NAME = `${DURABLE_NAME}.part`
/** Exists from the creation of the root keys until the data exists too. */
const NEW_NAME = `${DURABLE_NAME}.new`

/** The files of a data folder. */
export interface DataFiles {
  /** Contains what must survive a crash of the machine. */
  readonly durable: string
  /** Contains what may be lost when the machine stops. */
  readonly volatile: string
  /** Whether the volatile file is discarded when the machine restarts, so that it need not be synced. */
  readonly discarded: boolean
  /** The id of the machine's last start, if it has one. */
  readonly boot: string | undefined
}

/**
 * Creates the data folder, accessible only to the owner, and deletes volatile files from before the machine's last start, which
 * were never synced and may be damaged, and the sums of the backup that the folder is restored from.
 *
 * @throws Error when the folder holds an interrupted copy; a file system error.
 */
export function prepareFolder(folder: string): DataFiles {
  createPrivateFolder(folder)
  assertFinished(folder)
  // In a restored folder: its data is about to change.
  rmSync(join(folder, SUMS_NAME), { force: true })
  const boot = bootId()
  const name = boot === undefined ? `${VOLATILE_PREFIX}.mdb` : `${VOLATILE_PREFIX}-${boot}.mdb`
  for (const file of readdirSync(folder)) {
    if (file.startsWith(VOLATILE_PREFIX) && !file.startsWith(name))
      rmSync(join(folder, file), { force: true })
  }
  return {
    durable: join(folder, DURABLE_NAME),
    volatile: join(folder, name),
    discarded: boot !== undefined,
    boot,
  }
}

/** Tells whether a folder contains a store. */
export function holdsData(folder: string): boolean {
  return existsSync(join(folder, DURABLE_NAME))
}

/**
 * Begins a new store in a folder without data, of which the root keys are created before the data.
 *
 * @param options `hasKeys`: whether the root keys exist.
 * @throws Error when the folder holds a part of a store, which must not start as an empty one; a file system error.
 */
export function beginStore(folder: string, { hasKeys }: { readonly hasKeys: boolean }): void {
  assertNothingLost(folder, { hasKeys })
  if (!hasKeys && !holdsData(folder)) writeFileSync(join(folder, NEW_NAME), '', { mode: 0o600 })
}

/**
 * Rejects a folder that holds a part of a store.
 *
 * @param options `hasKeys`: whether the root keys exist.
 * @throws Error when the folder holds an interrupted copy, or root keys without the data that they sealed.
 */
export function assertNothingLost(folder: string, { hasKeys }: { readonly hasKeys: boolean }): void {
  assertFinished(folder)
  // In this order, because another process that creates the data removes the mark after that.
  if (hasKeys && !existsSync(join(folder, NEW_NAME)) && !holdsData(folder))
    throw new Error(
      `${folder} has root keys (root.key) but no ${DURABLE_NAME}: restore it, or delete root.key if nothing was ever stored there`,
    )
}

/** Ends the creation of a store, once its data exists. @throws A file system error. */
export function finishStore(folder: string): void {
  rmSync(join(folder, NEW_NAME), { force: true })
}

/**
 * Copies a store into a folder. Until it is complete, no server starts on the folder.
 *
 * @throws What `copy` throws; a file system error.
 */
export async function copyInto<T>(folder: string, copy: () => Promise<T>): Promise<T> {
  const mark = join(folder, PARTIAL_NAME)
  writeFileSync(mark, '', { mode: 0o600 })
  const copied = await copy()
  rmSync(mark)
  return copied
}

/** Rejects a folder into which a store was copied, but not to the end. @throws Error. */
export function assertFinished(folder: string): void {
  if (existsSync(join(folder, PARTIAL_NAME)))
    throw new Error(
      `${folder} holds an interrupted copy of a store (${PARTIAL_NAME}): empty it and copy again`,
    )
}

/**
 * Fills an empty folder with a copy of the data, accessible only to the owner. Until it is whole, it does not count as a store, and
 * nothing else fills it; a copy that fails leaves it empty.
 *
 * @param copyTo Writes the data to a path.
 * @param beside Writes what else belongs into the folder.
 * @throws Error when the folder is not empty, or another copy is written there; a file system error.
 */
export async function fillFolder(
  folder: string,
  copyTo: (path: string) => Promise<void>,
  beside: () => Promise<void>,
): Promise<void> {
  createPrivateFolder(folder)
  assertEmpty(folder)
  writeFileSync(join(folder, PARTIAL_NAME), '', { mode: 0o600, flag: 'wx' })
  const draft = join(folder, `${DURABLE_NAME}.draft`)
  try {
    // Another copy may have begun and ended meanwhile.
    assertEmpty(folder, [PARTIAL_NAME])
  } catch (error) {
    rmSync(join(folder, PARTIAL_NAME))
    throw error
  }
  try {
    await copyTo(draft)
    chmodSync(draft, 0o600)
    replaceFile(draft, join(folder, DURABLE_NAME))
    await beside()
  } catch (error) {
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { force: true })
    throw error
  }
  rmSync(join(folder, PARTIAL_NAME))
  syncToDisk(folder)
}

function assertEmpty(folder: string, except: readonly string[] = []): void {
  const found = readdirSync(folder).filter((name) => !except.includes(name))
  if (found.includes(PARTIAL_NAME))
    throw new Error(
      `${folder} holds a part of a copy (${PARTIAL_NAME}): another backup is being written there, or one was interrupted; name another folder, or empty it`,
    )
  if (found.length > 0) throw new Error(`the folder ${folder} is not empty`)
}

/**
 * Creates a function that returns the reason when the disk of a folder is almost full. It checks the disk at most every
 * 50 ms.
 *
 * @param reserve The bytes that must remain free.
 */
export function fullnessOf(folder: string, reserve: number): () => string | undefined {
  let nextCheck = 0
  let free = 0
  return () => {
    const now = performance.now()
    if (now >= nextCheck) {
      const { bavail, bsize } = statfsSync(folder)
      free = bavail * bsize
      nextCheck = now + 50
    }
    return free < reserve ? `the disk of the data folder is almost full: ${free} bytes are free` : undefined
  }
}

/** Returns Linux's random id of the machine's last start; undefined on other systems. */
function bootId(): string | undefined {
  try {
    return readFileSync(BOOT_ID_FILE, 'utf8').trim()
  } catch {
    return undefined
  }
}

import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
} from 'node:fs'
import { join } from 'node:path'

const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id'
const DURABLE_NAME = 'secrets.mdb'
const VOLATILE_PREFIX = 'rates'

/** The files of a data folder. */
export interface DataFiles {
  /** What must survive everything. */
  readonly durable: string
  /** What may be forgotten when the machine stops. */
  readonly volatile: string
  /** Whether the volatile file is never opened again after the machine stopped, so that it need not be synced. */
  readonly forgotten: boolean
}

/**
 * Creates the folder, for its owner alone, and deletes volatile files from before the machine's last start: they
 * were never synced and may be damaged.
 * @throws Error of the file system.
 */
export function prepareFolder(folder: string): DataFiles {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const boot = bootId()
  const name = boot === undefined ? `${VOLATILE_PREFIX}.mdb` : `${VOLATILE_PREFIX}-${boot}.mdb`
  for (const file of readdirSync(folder)) {
    if (file.startsWith(VOLATILE_PREFIX) && !file.startsWith(name))
      rmSync(join(folder, file), { force: true })
  }
  return { durable: join(folder, DURABLE_NAME), volatile: join(folder, name), forgotten: boot !== undefined }
}

/** @returns Whether something has been stored in the folder. */
export function holdsData(folder: string): boolean {
  return existsSync(join(folder, DURABLE_NAME))
}

/**
 * Fills a new folder with a copy of the data, for its owner alone. A copy that is cut short holds no data.
 * @param copyTo Writes the data to a path.
 * @throws Error when something is in the folder, and whatever the file system says.
 */
export async function fillFolder(folder: string, copyTo: (path: string) => Promise<void>): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (readdirSync(folder).length > 0) throw new Error(`the folder ${folder} is not empty`)
  const path = join(folder, DURABLE_NAME)
  const draft = `${path}.part`
  await copyTo(draft)
  chmodSync(draft, 0o600)
  sync(draft)
  renameSync(draft, path)
  sync(folder)
}

/**
 * @param reserve Bytes.
 * @returns A function that throws when less than `reserve` is free on the folder's disk, as it was within 50 ms.
 */
export function roomGuard(folder: string, reserve: number): () => void {
  let lookAgainAt = 0
  let free = 0
  return () => {
    const now = performance.now()
    if (now >= lookAgainAt) {
      const { bavail, bsize } = statfsSync(folder)
      free = bavail * bsize
      lookAgainAt = now + 50
    }
    if (free < reserve) throw new Error(`the disk of ${folder} is almost full: ${free} bytes are free`)
  }
}

/** @returns What the kernel chose at random at its last start; undefined where it does not tell (not Linux). */
function bootId(): string | undefined {
  try {
    return readFileSync(BOOT_ID_FILE, 'utf8').trim()
  } catch {
    return undefined
  }
}

/** Makes what is in a file, or the names of the files in a folder, durable. @throws Error of the file system. */
export function sync(path: string): void {
  const handle = openSync(path, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

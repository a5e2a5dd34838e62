import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
} from 'node:fs'
import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'

const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id'
const VOLATILE_PREFIX = 'rates'

/** Permission bits by which others than the owner may read, write or enter. */
const OPEN_TO_OTHERS = 0o077

/** File systems on which the data is not safe, by their numbers in statfs(2). */
const UNSAFE_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x01021994, 'is in memory (tmpfs) and lost when the machine stops'],
  [0x858458f6, 'is in memory (ramfs) and lost when the machine stops'],
  [0x794c7630, "is in a container's own layer (overlayfs) and lost with the container: mount a volume there"],
  [0x6969, 'is on a network file system (NFS), where locks between processes do not hold'],
  [0xff534d42, 'is on a network file system (CIFS), where locks between processes do not hold'],
  [0xfe534d42, 'is on a network file system (SMB), where locks between processes do not hold'],
])

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
  return { durable: join(folder, 'secrets.mdb'), volatile: join(folder, name), forgotten: boot !== undefined }
}

/** Makes the names of new files as durable as what is in them. @throws Error of the file system. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
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

/** @returns One line for each way in which the folder may lose or show data. @throws Error of the file system. */
export async function folderConcerns(folder: string): Promise<string[]> {
  const { type } = await statfs(folder)
  return [...fileSystemConcerns(folder, type), ...(await permissionConcerns(folder))]
}

/**
 * @param type The file system's number in statfs(2).
 * @returns One line if data is not safe on it.
 */
export function fileSystemConcerns(folder: string, type: number): string[] {
  const concern = UNSAFE_FILE_SYSTEMS.get(type)
  return concern === undefined ? [] : [`the data folder ${folder} ${concern}`]
}

async function permissionConcerns(folder: string): Promise<string[]> {
  const paths = [folder, ...(await readdir(folder)).map((file) => join(folder, file))]
  const modes = await Promise.all(paths.map(async (path) => ({ path, mode: (await stat(path)).mode })))
  return modes
    .filter(({ mode }) => (mode & OPEN_TO_OTHERS) !== 0)
    .map(({ path }) => `${path} is open to other users of the machine: take their permissions away`)
}

/** @returns What the kernel chose at random at its last start; undefined where it does not tell (not Linux). */
function bootId(): string | undefined {
  try {
    return readFileSync(BOOT_ID_FILE, 'utf8').trim()
  } catch {
    return undefined
  }
}

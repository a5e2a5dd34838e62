import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'

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

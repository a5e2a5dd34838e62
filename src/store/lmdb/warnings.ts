import { readdir, readFile, realpath, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/** Permission bits for anyone but the owner, and for the group. */
const OPEN_TO_OTHERS = 0o077
const OPEN_TO_GROUP = 0o070

/** The bit of a folder whose files get its group. */
const SET_GROUP = 0o2000

/** File systems that may lose data, by their numbers in statfs(2). */
const UNSAFE_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x01021994, 'is in memory (tmpfs) and lost when the machine stops'],
  [0x858458f6, 'is in memory (ramfs) and lost when the machine stops'],
  [0x794c7630, "is in a container's own layer (overlayfs) and lost with the container: mount a volume there"],
  [0x6969, 'is on a network file system (NFS), where locks between processes do not hold'],
  [0xff534d42, 'is on a network file system (CIFS), where locks between processes do not hold'],
  [0xfe534d42, 'is on a network file system (SMB), where locks between processes do not hold'],
])

/**
 * Returns one line for each way in which a data folder may lose or expose data.
 *
 * @param groups The group ids of this process.
 * @throws A file system error.
 */
export async function folderWarnings(folder: string, groups = ownGroups()): Promise<string[]> {
  const { type } = await statfs(folder)
  // Other systems than Linux have no such file.
  const mounts = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '')
  return [
    ...fileSystemWarnings(folder, type),
    ...volumeWarnings(folder, await realpath(folder), mounts),
    ...(await permissionWarnings(folder, groups)),
  ]
}

function ownGroups(): readonly number[] {
  return [process.getegid?.(), process.getgroups?.()].flat().filter((group) => group !== undefined)
}

/**
 * Returns one line if a folder's file system may lose data.
 *
 * @param type The file system's number in statfs(2).
 */
export function fileSystemWarnings(folder: string, type: number): string[] {
  const reason = UNSAFE_FILE_SYSTEMS.get(type)
  return reason === undefined ? [] : [`the data folder ${folder} ${reason}`]
}

// Docker and Podman name a volume that has no name by 64 random digits.
const NAMELESS_VOLUME = /\/volumes\/[0-9a-f]{64}\/_data$/

/**
 * Returns one line if a folder is on a volume without a name: the next container gets another one.
 *
 * @param path The folder without symbolic links.
 * @param mounts What is mounted, as in /proc/self/mountinfo (proc_pid_mountinfo(5)): of each line, the fourth field is the folder
 *   that was mounted, and the fifth is where.
 */
function volumeWarnings(folder: string, path: string, mounts: string): string[] {
  const [mounted = ''] = mounts
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , , , at]) => at === path)
    .map(([, , , from = '']) => from)
    .slice(-1)
  if (!NAMELESS_VOLUME.test(mounted)) return []
  return [
    `the data folder ${folder} is on a volume without a name, and the next container will have another: name one, as in \`-v emberlink:${folder}\``,
  ]
}

async function permissionWarnings(folder: string, groups: readonly number[]): Promise<string[]> {
  const { mode, gid: group } = await stat(folder)
  // A volume that Kubernetes prepares for the group of a pod (fsGroup): folder 2770, files 660.
  const isOurVolume = (mode & SET_GROUP) !== 0 && groups.includes(group)
  const paths = [folder, ...(await readdir(folder)).map((file) => join(folder, file))]
  const found = await Promise.all(paths.map(async (path) => ({ path, ...(await stat(path)) })))
  const isExposed = ({ mode, gid }: { readonly mode: number; readonly gid: number }) =>
    (mode & OPEN_TO_OTHERS & ~(isOurVolume && gid === group ? OPEN_TO_GROUP : 0)) !== 0
  return found
    .filter(isExposed)
    .map(({ path }) => `${path} is accessible to other users of the machine: remove their permissions`)
}

import { lstatSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** The numbers in statfs(2) of procfs and sysfs, in which nobody can create anything. */
const KERNEL_FILE_SYSTEMS: readonly number[] = [0x9fa0, 0x62656572]

/** Finds a path, or the nearest one above it that exists. */
export function findNearest(path: string): string {
  return exists(path) ? path : findNearest(dirname(path))
}

/**
 * Tells whether a path exists and can be reached. What is in a folder that must not be searched may exist; the folder is in the
 * way then.
 */
export function exists(path: string): boolean {
  try {
    statSync(path)
    return true
  } catch {
    return path === dirname(path)
  }
}

/** Tells whether a path would be in a file system of the kernel, such as `/proc`. */
export function isInKernel(path: string): boolean {
  return KERNEL_FILE_SYSTEMS.includes(statfsSync(findNearest(path)).type)
}

/** Finds a link to something that does not exist, which a path is or is below. */
export function findLinkToNothing(path: string): string | undefined {
  if (exists(path)) return undefined
  if (!exists(dirname(path))) return findLinkToNothing(dirname(path))
  try {
    return lstatSync(path).isSymbolicLink() ? path : undefined
  } catch {
    return undefined
  }
}

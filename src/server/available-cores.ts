import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { posix } from 'node:path'

const CGROUPS = '/sys/fs/cgroup'

/**
 * Returns how many processor cores this process may use: those that its affinity allows, as far as the limits of its control
 * groups cover whole ones, and at least 1. Node.js 20 ignores these limits, so that a container of one core would get a
 * worker for each core of the machine. Source: "CPU Interface Files" in the Linux kernel's cgroup-v2.rst.
 *
 * @param read Returns the content of a file; undefined if there is none. For tests.
 */
export function availableCores(cores = availableParallelism(), read = readIfPresent): number {
  const path = /^0::(\/.*)$/m.exec(read('/proc/self/cgroup') ?? '')?.[1] ?? '/'
  const limits = [...ancestry(path)].map((group) => limitOf(read(`${CGROUPS}${group}/cpu.max`)))
  return Math.max(1, Math.floor(Math.min(cores, ...limits)))
}

// A group may use no more than any of those that it is in. Inside a container, the root is the container's own group.
function* ancestry(path: string): Generator<string> {
  for (let group = path; group !== '/'; group = posix.dirname(group)) yield group
  yield ''
}

// The file contains the microseconds of processor time that the group may use in each period, and those of the period.
function limitOf(content = ''): number {
  const [quota, period] = content.split(' ').map(Number)
  return quota !== undefined && period !== undefined && quota > 0 ? quota / period : Number.POSITIVE_INFINITY
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

import { readFileSync } from 'node:fs'

/** Returns the process ids of all ancestors; only the parent's on systems without /proc. */
export function ancestors(): string {
  const ids = [process.ppid]
  try {
    for (let id = process.ppid; id > 1; ids.push(id)) id = parentOf(id)
  } catch {
    // No /proc, or an ancestor has just exited, which the next check notices.
  }
  return ids.join()
}

/** Returns the parent's id from proc_pid_stat(5). The name in parentheses may contain any character. */
function parentOf(id: number): number {
  const status = readFileSync(`/proc/${id}/stat`, 'latin1')
  return Number(status.slice(status.lastIndexOf(')')).split(' ')[2])
}

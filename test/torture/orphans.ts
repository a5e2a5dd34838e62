import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Workers of killed servers, which have to end by themselves. */
export interface Orphans {
  /** Remembers the workers of a server that is about to be killed. */
  add(workers: readonly number[]): void
  /** Waits for all of them, at most so many milliseconds, and kills those that stay. @returns How many stayed. */
  clear(ms: number): Promise<number>
}

/** Creates the collection of orphans, which is empty. @param program What they run: an id may belong to another process by now. */
export function createOrphans(program: string): Orphans {
  const orphans = new Set<number>()
  const left = () => [...orphans].filter((pid) => runs(pid, program))
  return {
    add(workers) {
      for (const pid of workers) orphans.add(pid)
    },
    async clear(ms) {
      const until = performance.now() + ms
      while (left().length > 0 && performance.now() < until) await sleep(20)
      const stayed = left()
      for (const pid of stayed) process.kill(pid, 'SIGKILL')
      while (left().length > 0) await sleep(20)
      orphans.clear()
      return stayed.length
    },
  }
}

/** Returns the ids of a process' children, on Linux. */
export function childrenOf(pid = 0): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

function runs(pid: number, program: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(program)
  } catch {
    return false
  }
}

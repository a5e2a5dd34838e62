import { readdirSync, readFileSync } from 'node:fs'

/** What the memory of a process takes of the machine's, in MB of 10^6 bytes. */
export interface Memory {
  /** All that is in RAM. */
  readonly rss: number
  /** Its part that is not read from files, such as the program, which processes share. */
  readonly anon: number
}

/** Returns the processor seconds that the threads of a process and its children have used so far. */
export function processorSeconds(pid: number): number {
  // In nanoseconds, for each thread. proc(5) has whole processes in ticks of 10 ms, a twentieth of a short load.
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ', 1)[0]),
  )
  const all = [...threads.map((nanoseconds) => nanoseconds / 1e9), ...childrenOf(pid).map(processorSeconds)]
  return all.reduce((sum, one) => sum + one)
}

/** Returns the memory of a process and its children. */
export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const megabytes = (name: string) =>
    (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024) / 1e6
  const own = { rss: megabytes('VmRSS'), anon: megabytes('RssAnon') }
  return childrenOf(pid)
    .map(memoryOf)
    .reduce((sum, child) => ({ rss: sum.rss + child.rss, anon: sum.anon + child.anon }), own)
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

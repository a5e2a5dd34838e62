import { readFileSync } from 'node:fs'

// proc(5) counts processor time in ticks of 10 ms.
const TICKS_PER_SECOND = 100

/** Returns the processor seconds that a process and its children have used so far. */
export function processorSeconds(pid: number): number {
  const own = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = own.slice(own.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return childrenOf(pid).reduce((sum, child) => sum + processorSeconds(child), ticks / TICKS_PER_SECOND)
}

/** Returns the memory of a process and its children that is in RAM, in MB of 10^6 bytes. */
export function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const own = (Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024) / 1e6
  return childrenOf(pid).reduce((sum, child) => sum + residentMegabytes(child), own)
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

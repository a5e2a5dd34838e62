import { setTimeout as sleep } from 'node:timers/promises'

const PAUSE_MS = 30
/** How long a probe waits: one that was handed to a dying process is no sign of the others. */
const PROBE_MS = 3000

/** Waits until a server is ready. @returns Whether it is in time. */
export async function becomesReady(url: string, deadlineMs: number): Promise<boolean> {
  const until = performance.now() + deadlineMs
  while (performance.now() < until) {
    const signal = AbortSignal.timeout(PROBE_MS)
    const isReady = await fetch(`${url}/health/ready`, { signal, headers: { connection: 'close' } }).then(
      ({ status }) => status === 200,
      () => false,
    )
    if (isReady) return true
    await sleep(PAUSE_MS)
  }
  return false
}

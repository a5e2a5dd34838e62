import type { RedisConnection } from './connection.ts'
import { isFull } from './errors.ts'
import { answersEverywhere, writeEverywhere } from './ready.ts'
import { within } from './timeout.ts'

const CHECK_EVERY_MS = 1000
const CHECKS_BEFORE_REOPENING = 5
const PAUSE_MS = 250
const MAXIMUM_PAUSE_MS = 2000

/** How a connection is supervised. */
export interface Supervision {
  /** Opens a connection with a new client. @throws DomainError `store_unavailable`. */
  readonly open: (onFault: (fault: Error) => void) => Promise<RedisConnection>
  /** How long to wait for the result of a check. */
  readonly timeoutMs: number
  /** How long Redis may be unreachable before the client is replaced. */
  readonly reopenAfterMs: number
  /** Is called with the reason when Redis becomes unreachable; once, until it has recovered. */
  readonly onFault: (fault: Error) => void
  /** Is called after the client was replaced. */
  readonly onReopened: () => void
}

/**
 * Opens a connection and replaces its client, in whatever state, whenever Redis has been unreachable for some time. A client
 * library may give up, or stay with a server that is no longer the master. Retries forever. Pending calls finish or fail on
 * the old client; none is repeated.
 *
 * @throws DomainError `store_unavailable` when the first connection cannot be opened.
 */
export async function openSupervised(supervision: Supervision): Promise<RedisConnection> {
  const { timeoutMs, reopenAfterMs, onReopened } = supervision
  const everyMs = Math.min(CHECK_EVERY_MS, reopenAfterMs / CHECKS_BEFORE_REOPENING)
  let current = await supervision.open(report)
  let reported = false
  let doubtful = false
  let unreachableSince: number | undefined
  let failures = 0
  let retired: Promise<void> | undefined
  let closing: Promise<void> | undefined
  let timer = setTimeout(supervise, everyMs).unref()

  return {
    async run(script, keys, args) {
      try {
        return await current.run(script, keys, args)
      } catch (error) {
        doubtful = true
        throw error
      }
    },
    masters: () => current.masters(),
    masterOf: (key) => current.masterOf(key),
    close() {
      clearTimeout(timer)
      closing ??= Promise.all([current.close(), retired]).then(() => undefined)
      return closing
    },
  }

  function report(fault: Error): void {
    if (reported || closing !== undefined) return
    reported = true
    supervision.onFault(fault)
  }

  async function supervise(): Promise<void> {
    if (await isUnreachable()) unreachableSince ??= performance.now()
    else unreachableSince = undefined
    let pauseMs = everyMs
    if (unreachableSince !== undefined && performance.now() - unreachableSince >= reopenAfterMs)
      pauseMs = await reopen()
    if (closing === undefined) timer = setTimeout(supervise, pauseMs).unref()
  }

  // Checks with a write only after a call has failed, because that costs more. A server that replies may still be a master
  // that has lost its replicas, while another has taken over.
  async function isUnreachable(): Promise<boolean> {
    try {
      await within(timeoutMs, doubtful ? writeEverywhere(current) : answersEverywhere(current))
      doubtful = false
      reported = false
      return false
    } catch (error) {
      return !isFull(error)
    }
  }

  /** Returns how long to wait before the next check. */
  async function reopen(): Promise<number> {
    try {
      const fresh = await supervision.open(report)
      retired = (closing === undefined ? current : fresh).close()
      if (closing !== undefined) return everyMs
      current = fresh
      // The new client gets as much time as the old one.
      unreachableSince = performance.now()
      failures = 0
      onReopened()
      return everyMs
    } catch {
      failures += 1
      return Math.min(PAUSE_MS * 2 ** failures, MAXIMUM_PAUSE_MS)
    }
  }
}

import type { RedisConnection } from './connection.ts'
import { isFull } from './errors.ts'
import { answersEverywhere, writeEverywhere } from './ready.ts'
import { within } from './timeout.ts'

const LOOK_EVERY_MS = 1000
const LOOKS_BEFORE_REOPENING = 5
const PAUSE_MS = 250
const MAXIMUM_PAUSE_MS = 2000

/** How a connection is supervised. */
export interface Supervision {
  /** Opens a connection with a client of its own. @throws DomainError `store_unavailable`. */
  readonly open: (onFault: (fault: Error) => void) => Promise<RedisConnection>
  /** How long to wait for a sign of life. */
  readonly timeoutMs: number
  /** How long Redis may be away before the client is replaced. */
  readonly reopenAfterMs: number
  /** Is called with the reason when Redis goes away; once, until it is back. */
  readonly onFault: (fault: Error) => void
  /** Is called when a client has been replaced. */
  readonly onReopened: () => void
}

/**
 * Opens a connection and replaces its client whenever Redis has been away for some time, whatever state the client is
 * in: a client library may give up, or hold on to a server that no longer is the master. Tries forever. Calls under way
 * on the old client are finished or fail there; none is sent again.
 *
 * @throws DomainError `store_unavailable` when the first connection cannot be opened.
 */
export async function openSupervised(supervision: Supervision): Promise<RedisConnection> {
  const { timeoutMs, reopenAfterMs, onReopened } = supervision
  const everyMs = Math.min(LOOK_EVERY_MS, reopenAfterMs / LOOKS_BEFORE_REOPENING)
  let current = await supervision.open(report)
  let reported = false
  let doubtful = false
  let awaySince: number | undefined
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
    if (await isAway()) awaySince ??= performance.now()
    else awaySince = undefined
    let pauseMs = everyMs
    if (awaySince !== undefined && performance.now() - awaySince >= reopenAfterMs) pauseMs = await reopen()
    if (closing === undefined) timer = setTimeout(supervise, pauseMs).unref()
  }

  // A write costs more than a sign of life, so it is tried only after a call has failed: the server that answers may be
  // a master that has lost its replicas, while another has taken over.
  async function isAway(): Promise<boolean> {
    try {
      await within(timeoutMs, doubtful ? writeEverywhere(current) : answersEverywhere(current))
      doubtful = false
      reported = false
      return false
    } catch (error) {
      return !isFull(error)
    }
  }

  /** Returns how long to wait before the next look. */
  async function reopen(): Promise<number> {
    try {
      const fresh = await supervision.open(report)
      retired = (closing === undefined ? current : fresh).close()
      if (closing !== undefined) return everyMs
      current = fresh
      // The new client has as long as the old one had.
      awaySince = performance.now()
      failures = 0
      onReopened()
      return everyMs
    } catch {
      failures += 1
      return Math.min(PAUSE_MS * 2 ** failures, MAXIMUM_PAUSE_MS)
    }
  }
}

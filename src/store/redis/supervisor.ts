import type { Clock } from '../../time.ts'
import { shareProbe } from '../shared-probe.ts'
import type { Store } from '../store.ts'
import { absentConnection } from './absent.ts'
import { clockWarning, measureClockSkew } from './clock.ts'
import type { RedisConnection } from './connection.ts'
import { isAbsence, isFull, missesReplicas } from './errors.ts'
import { answersEverywhere, findReadiness } from './ready.ts'
import { within } from './timeout.ts'

const CHECK_EVERY_MS = 1000
const CHECKS_BEFORE_REOPENING = 5
const COMPARE_CLOCKS_EVERY_MS = 60_000
const PAUSE_MS = 250
const MAXIMUM_PAUSE_MS = 2000

/** How a connection is supervised. */
export interface Supervision {
  /** Opens a connection with a new client. @throws DomainError `store_unavailable`. */
  readonly open: (onFault: (fault: Error) => void) => Promise<RedisConnection>
  /** The number of replicas that must confirm each write. */
  readonly replicas: number
  /** How long to wait for the result of a check. */
  readonly timeoutMs: number
  /** How long Redis may be unreachable before the client is replaced. */
  readonly reopenAfterMs: number
  /** Whether to fail when Redis is unreachable at first, or to wait for it. */
  readonly whenAway: 'fail' | 'wait'
  /** Is called with the reason when Redis becomes unreachable; once, until it has recovered. */
  readonly onFault: (fault: Error) => void
  /** Is called after the client was replaced; once while replicas are missing, although it is replaced again and again. */
  readonly onReopened: () => void
  /** Is called with a warning when the clocks of Redis and of this server begin to differ too much. */
  readonly onClockSkew: (warning: string) => void
  /** The clock of this server. */
  readonly now: Clock
}

/** A connection that replaces its client. */
export interface SupervisedConnection extends RedisConnection, Pick<Store, 'ready' | 'reachable'> {}

/**
 * Opens a connection and replaces its client, in whatever state, whenever Redis has been unreachable for some time. A client
 * library may give up, or stay with a server that is no longer the master. Retries forever. Pending calls finish or fail on
 * the old client; none is repeated.
 *
 * @throws DomainError `store_unavailable` with the reason when the first connection is rejected, or when it cannot be
 *   opened and `whenAway` is `fail`.
 */
export async function openSupervised(supervision: Supervision): Promise<SupervisedConnection> {
  const { open, replicas, timeoutMs, reopenAfterMs, whenAway, onReopened, now } = supervision
  const everyMs = Math.min(CHECK_EVERY_MS, reopenAfterMs / CHECKS_BEFORE_REOPENING)
  const readiness = shareProbe(() => findReadiness(current, replicas, now))
  const reachability = shareProbe(() => answersEverywhere(current))
  let reported = false
  let doubtful = false
  let unreachableSince: number | undefined
  let failures = 0
  let replicasAreMissing = false
  let reportedMissing = false
  let retired: Promise<void> | undefined
  let closing: Promise<void> | undefined
  let current = await open(report).catch(standIn)
  let timer = setTimeout(supervise, everyMs).unref()
  const clocks = setInterval(() => void compareClocks(), COMPARE_CLOCKS_EVERY_MS).unref()
  let skewed = false

  return {
    run: (script, keys, args) =>
      current.run(script, keys, args).catch((error: unknown) => {
        if (!isFull(error)) doubt()
        throw error
      }),
    ready: readiness.ask,
    reachable: reachability.ask,
    masters: () => current.masters(),
    masterOf: (key) => current.masterOf(key),
    close() {
      clearTimeout(timer)
      clearInterval(clocks)
      doubt()
      closing ??= Promise.all([current.close(), retired]).then(() => undefined)
      return closing
    },
  }

  function standIn(error: unknown): RedisConnection {
    if (whenAway === 'fail' || !isAbsence(error)) throw error
    report(error.cause)
    unreachableSince = Number.NEGATIVE_INFINITY
    return absentConnection(error)
  }

  async function compareClocks(): Promise<void> {
    try {
      const warning = clockWarning(await measureClockSkew(current.masters(), now))
      if (warning !== undefined && !skewed) supervision.onClockSkew(warning)
      skewed = warning !== undefined
    } catch {
      // An unreachable Redis is reported elsewhere.
    }
  }

  function report(fault: Error): void {
    doubt()
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
    const wasDoubtful = doubtful
    try {
      await within<unknown>(timeoutMs, wasDoubtful ? readiness.ask() : reachability.ask())
      // A call may have failed meanwhile, in spite of the reply.
      if (wasDoubtful) doubtful = false
      if (!doubtful) reported = false
      reportedMissing = false
      return false
    } catch (error) {
      replicasAreMissing = missesReplicas(error)
      return true
    }
  }

  // After a failed call, earlier results are outdated.
  function doubt(): void {
    doubtful = true
    readiness.forget()
    reachability.forget()
  }

  /** Returns how long to wait before the next check. */
  async function reopen(): Promise<number> {
    try {
      const fresh = await open(report)
      retired = (closing === undefined ? current : fresh).close()
      if (closing !== undefined) return everyMs
      current = fresh
      doubt()
      // The new client gets as much time as the old one.
      unreachableSince = performance.now()
      failures = 0
      if (!(replicasAreMissing && reportedMissing)) onReopened()
      reportedMissing = replicasAreMissing
      return everyMs
    } catch {
      failures += 1
      return Math.min(PAUSE_MS * 2 ** failures, MAXIMUM_PAUSE_MS)
    }
  }
}

import { uptime } from 'node:os'
import { DomainError } from '../../errors.ts'
import { type Clock, type Milliseconds, milliseconds, type Seconds, seconds } from '../../time.ts'
import { isTolerable, isUnfit } from '../clock-limits.ts'

/** How long a wall clock must have held a time before that counts as right. */
const HOLD_MS = 10 * 60_000

/** How long a machine may have been off before its time has to prove itself. */
const PLAUSIBLE_MS = 24 * 60 * 60_000

/** Both clocks, read together. */
export interface Moment {
  readonly wall: Milliseconds
  readonly uptime: Milliseconds
}

/** A moment when the wall clock was right, and the start of the machine to which its uptime belongs. */
export interface RememberedMoment extends Moment {
  readonly boot: string
}

/** What is known of the wall clock. */
export interface ClockState {
  readonly now: Milliseconds
  /** How far the time by the uptime is ahead of the wall clock. */
  readonly skew: Seconds
  /** Whether what has expired may be deleted: the wall clock is right, and has been for a while. */
  readonly proven: boolean
  /** Present when the skew is intolerable. */
  readonly warning?: string
}

/** A wall clock that is compared with the uptime of the machine. */
export interface WatchedClock {
  /** Reads both clocks and compares them. */
  read(): ClockState
  /** Makes sure that the clocks do not differ too much to tell what has expired. @throws DomainError `store_unavailable`. */
  assertFit(): void
  /** Returns the moment to remember for the next process; undefined while the wall clock is in doubt. */
  remembered(): RememberedMoment | undefined
}

/** The clocks of the machine, and what an earlier process left. */
export interface ClockOptions {
  readonly wall: Clock
  /**
   * Never jumps, and goes on while the machine is suspended, so that waking up is no jump. Without it, nothing is compared
   * and the wall clock is always right.
   */
  readonly uptime?: Clock | undefined
  /** The id of the machine's last start, if it has one. */
  readonly boot: string | undefined
  readonly remembered: RememberedMoment | undefined
  /** Is called with a warning when the clocks begin to differ too much. */
  readonly onSkew: (warning: string) => void
}

// How long the uptime of the machine is extrapolated from the clock of the process.
const EXTRAPOLATED_MS = 1000
// The wall clock and that of the process drift apart by more than this only if one jumps, or the machine was suspended.
const MAX_DRIFT_MS = 100

/**
 * Creates a clock that returns the time since the machine started, including suspension, from `/proc/uptime` on Linux. That
 * takes 5 µs, so in between it is extrapolated from the clock of the process, which stands still while the machine is suspended.
 */
export function createMachineUptime(): Clock {
  let read = { uptime: 0, process: Number.NEGATIVE_INFINITY, offset: 0 }
  return () => {
    const process = performance.now()
    const offset = Date.now() - process
    if (process - read.process >= EXTRAPOLATED_MS || Math.abs(offset - read.offset) > MAX_DRIFT_MS)
      read = { uptime: uptime() * 1000, process, offset }
    return milliseconds(read.uptime + process - read.process)
  }
}

/**
 * Watches a wall clock. A jump is held against it until it has kept its new time for ten minutes: a wrong step of NTP is
 * usually taken back sooner, and a right one needs no restart. Over a restart of the process, the remembered moment is
 * compared in the same way. After a restart of the machine only the wall clock is: a time before the remembered one is a
 * jump, and one more than a day after it is trusted for answers, but has to hold before anything is deleted.
 */
export function watchClock({ wall, uptime, boot, remembered, onSkew }: ClockOptions): WatchedClock {
  if (uptime === undefined) return trust(wall)
  const readBoth = (): Moment => ({ wall: wall(), uptime: uptime() })
  const first = readBoth()
  const sameStart = boot !== undefined && boot === remembered?.boot && first.uptime >= remembered.uptime
  let right = sameStart ? remembered : { ...first, wall: latest(first.wall, remembered?.wall) }
  let proven = sameStart || remembered === undefined || first.wall - remembered.wall <= PLAUSIBLE_MS
  let held = { skewMs: skewOf(first), since: first.uptime }
  let warned = false

  function skewOf(moment: Moment): number {
    return right.wall - right.uptime + moment.uptime - moment.wall
  }

  function read(): ClockState {
    const moment = readBoth()
    const skewMs = skewOf(moment)
    if (!isTolerable(toSeconds(skewMs - held.skewMs))) held = { skewMs, since: moment.uptime }
    if (moment.uptime - held.since >= HOLD_MS) {
      right = moment
      held = { skewMs: 0, since: moment.uptime }
      proven = true
    }
    const skew = toSeconds(skewOf(moment))
    if (isTolerable(skew)) {
      warned = false
      return { now: moment.wall, skew, proven }
    }
    const warning = describe(skew)
    if (!warned) onSkew(warning)
    warned = true
    return { now: moment.wall, skew, proven: proven && !isUnfit(skew), warning }
  }

  return {
    read,
    assertFit() {
      const { skew, warning } = read()
      if (!isUnfit(skew)) return
      throw new DomainError('store_unavailable', { cause: new Error(`clock_skew: ${warning}`) })
    },
    remembered() {
      const moment = readBoth()
      const isRight = proven && isTolerable(toSeconds(skewOf(moment)))
      return isRight && boot !== undefined ? { ...moment, boot } : undefined
    },
  }
}

function trust(wall: Clock): WatchedClock {
  return {
    read: () => ({ now: wall(), skew: seconds(0), proven: true }),
    assertFit: () => undefined,
    remembered: () => undefined,
  }
}

function latest(first: Milliseconds, remembered: Milliseconds | undefined): Milliseconds {
  return remembered === undefined || remembered < first ? first : remembered
}

function describe(skew: Seconds): string {
  const direction = skew > 0 ? 'back' : 'ahead'
  return `the clock of this server has jumped ${Math.round(Math.abs(skew))} s ${direction}: synchronize it; a time that it keeps for ${HOLD_MS / 60_000} minutes is accepted`
}

function toSeconds(ms: number): Seconds {
  return seconds(ms / 1000)
}

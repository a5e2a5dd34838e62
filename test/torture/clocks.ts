import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { PROJECT_ROOT } from '../support/project-root.ts'

const MODULE = `${PROJECT_ROOT}test/torture/moved-clock.mjs`
const WIDTH = 16
/** The clock of the machine may be slewed meanwhile, and servers round to milliseconds. */
const SLACK_MS = 100

/** How far the clocks of servers are from that of the machine, now and before. */
export interface Clocks {
  /** Moves the clock of a server to so many milliseconds ahead of the machine's; negative for behind. */
  move(server: number, aheadMs: number): void
  /**
   * Returns how old a secret was for a request, in milliseconds: at least, by the clock of the server that was asked, and at
   * most, by the clock that was furthest ahead since the secret was created.
   *
   * @param created When its creation was called and answered, and the server that was asked for it.
   * @param request The same of the request.
   */
  ageOf(created: Timed, request: Timed): readonly [youngest: number, oldest: number]
}

/** What one server was asked, and when: in the milliseconds of `performance.now()`. */
export interface Timed {
  readonly server: number
  readonly from: number
  readonly to: number
}

interface Setting extends Timed {
  readonly aheadMs: number
}

/** A clock of a server that can be moved. */
export interface MovableClock {
  /** For `NODE_OPTIONS` of the server. */
  readonly nodeOptions: string
  /** Moves it, for all processes of the server at once. */
  move(aheadMs: number): void
}

/** Creates a clock of its own for a server. @param file Where it is kept. */
export function createMovableClock(file: string): MovableClock {
  const write = (aheadMs: number, to: number) => writeSync(to, String(aheadMs).padEnd(WIDTH), 0)
  writeFileSync(file, '0'.padEnd(WIDTH))
  return {
    nodeOptions: `--import=file://${MODULE}?${encodeURIComponent(file)}`,
    move(aheadMs) {
      const opened = openSync(file, 'r+')
      write(aheadMs, opened)
      closeSync(opened)
    },
  }
}

/** Remembers how clocks are moved. @param move Moves that of a server. */
export function createClocks(move: (server: number, aheadMs: number) => void): Clocks {
  const settings: Setting[] = []
  const current = new Map<number, Setting>()

  function during(from: number, to: number, server?: number): number[] {
    const moved = [...settings, ...current.values()].filter(
      (setting) => (server ?? setting.server) === setting.server && setting.from <= to && from <= setting.to,
    )
    const ahead = moved.map(({ aheadMs }) => aheadMs)
    // A clock that was never moved is right, and so is that of Redis.
    return server !== undefined && ahead.length > 0 ? ahead : [...ahead, 0]
  }

  return {
    move(server, aheadMs) {
      const from = performance.now()
      move(server, aheadMs)
      const to = performance.now()
      const last = current.get(server) ?? { server, from: Number.NEGATIVE_INFINITY, to, aheadMs: 0 }
      // While it is moved, either time may be read.
      settings.push({ ...last, to })
      current.set(server, { server, from, to: Number.POSITIVE_INFINITY, aheadMs })
    },
    ageOf(created, { server, from, to }) {
      const birth = during(created.from, created.to, created.server)
      const [earliest, latest] = [created.from + Math.min(...birth), created.to + Math.max(...birth)]
      const youngest = from + Math.min(...during(from, to, server)) - latest - SLACK_MS
      const oldest = to + Math.max(...during(created.from, to)) - earliest + SLACK_MS
      return [Math.max(0, Math.floor(youngest)), Math.ceil(oldest)]
    },
  }
}

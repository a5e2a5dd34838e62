import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Clocks, createClocks, createMovableClock } from './clocks.ts'

const DAY_MS = 86_400_000

/** Tells what was asked of a server just now, for about as long as the test has run. */
function asked(server: number, sinceMs = 0) {
  const to = performance.now()
  return { server, from: to - sinceMs, to }
}

function rounded([youngest, oldest]: ReturnType<Clocks['ageOf']>): readonly number[] {
  return [youngest, oldest].map((age) => Math.round(age / DAY_MS))
}

describe('the clocks of servers', () => {
  it('tell the age of a secret within a fraction of a second while they are right', () => {
    const clocks = createClocks(() => undefined)
    const [youngest, oldest] = clocks.ageOf(
      { server: 0, from: 1000, to: 1010 },
      { server: 1, from: 3000, to: 3010 },
    )
    expect([youngest, oldest]).toEqual([1890, 2110])
  })

  it('tell the minimum age by the server that is asked, and the maximum by the one furthest ahead', () => {
    const moves: unknown[] = []
    const clocks = createClocks((...move) => moves.push(move))
    const created = asked(0)
    clocks.move(1, 5 * DAY_MS)
    clocks.move(2, -3 * DAY_MS)
    expect(moves).toEqual([
      [1, 5 * DAY_MS],
      [2, -3 * DAY_MS],
    ])
    expect(rounded(clocks.ageOf(created, asked(0)))).toEqual([0, 5])
    expect(rounded(clocks.ageOf(created, asked(1)))).toEqual([5, 5])
    // No secret is younger than nothing.
    expect(rounded(clocks.ageOf(created, asked(2)))).toEqual([0, 5])
    clocks.move(1, 0)
    expect(rounded(clocks.ageOf(created, asked(1)))).toEqual([0, 5])
    expect(rounded(clocks.ageOf(asked(0), asked(1)))).toEqual([0, 0])
    expect(rounded(clocks.ageOf(asked(2), asked(1)))).toEqual([3, 3])
  })

  it('allow both times for a request in whose course they were moved', () => {
    const clocks = createClocks(() => undefined)
    const created = asked(0)
    const from = performance.now()
    clocks.move(0, 2 * DAY_MS)
    expect(rounded(clocks.ageOf(created, { ...asked(0), from }))).toEqual([0, 2])
    expect(rounded(clocks.ageOf(created, asked(0)))).toEqual([2, 2])
  })

  it('are moved for a process that runs, by what its Node.js is started with', () => {
    const folder = mkdtempSync(join(tmpdir(), 'emberlink-clock-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const clock = createMovableClock(join(folder, 'a clock'))
    const ask = () => {
      const script =
        'console.log(JSON.stringify([Date.now(), +new Date(), +new Date(7), Date.UTC(1970), new Date() instanceof Date]))'
      const env = { PATH: process.env['PATH'], NODE_OPTIONS: clock.nodeOptions }
      const output = execFileSync(process.execPath, ['-e', script], { env, encoding: 'utf8' })
      const [now, date, ...others] = JSON.parse(output) as [number, number, ...unknown[]]
      return [...[now, date].map((time) => Math.round((time - Date.now()) / DAY_MS) + 0), ...others]
    }
    clock.move(-3 * DAY_MS)
    expect(ask()).toEqual([-3, -3, 7, 0, true])
    clock.move(0)
    expect(ask()).toEqual([0, 0, 7, 0, true])
  })
})

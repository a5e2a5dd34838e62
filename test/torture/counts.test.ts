import { beforeAll, expect, it } from 'vitest'
import type { HistoryLine } from '../proof/histories/history.ts'
import { findingsIn } from '../proof/histories/judge.ts'
import { type Counts, failuresIn, tableOf, totalOf } from './counts.ts'
import type { StoreName } from './faults.ts'
import { type Entry, judge } from './ledger.ts'
import { torture } from './run.ts'
import { type Manner, startDouble } from './server-double.ts'

const RUNS: Readonly<Record<Manner, readonly [store: StoreName, rounds: number]>> = {
  honest: ['redis', 8],
  generous: ['redis', 3],
  forgetful: ['redis', 3],
  lying: ['redis', 3],
  silent: ['redis', 3],
  broken: ['redis', 3],
  cutting: ['lmdb', 5],
  doubtful: ['redis', 8],
}

interface Result {
  readonly counts: Counts
  readonly said: string
  /** What its recorder was given. */
  readonly lines: readonly HistoryLine[]
}

/** Of all runs, which go on at the same time because they mostly wait. */
const results = new Map<string, Promise<Result>>()
beforeAll(() => {
  for (const manner of Object.keys(RUNS) as Manner[]) results.set(manner, runOn(manner))
})

function resultOf(manner: Manner): Promise<Result> {
  return results.get(manner) ?? Promise.reject(new Error(`there is no run on a ${manner} double`))
}

async function runOn(manner: Manner): Promise<Result> {
  const [store, rounds] = RUNS[manner]
  const double = await startDouble(manner)
  const said: string[] = []
  const lines: HistoryLine[] = []
  const counts = await torture(double, {
    store,
    seed: 1,
    density: 1,
    deadlineMs: manner === 'silent' ? 500 : 60_000,
    recorder: { record: (line) => lines.push(line), close: async () => undefined },
    goesOn: (counts) => counts.rounds < rounds,
    say: (line) => said.push(line),
  })
  await double.close()
  return { counts, said: said.join('\n'), lines }
}

it('finds nothing wrong with an honest server', async () => {
  const { counts, said } = await resultOf('honest')
  expect({ failures: failuresIn(counts), said }).toEqual({ failures: [], said: '' })
  expect(counts.rounds).toBe(8)
  expect(counts.acknowledged).toBeGreaterThan(50)
  expect(counts.requests).toBeGreaterThan(counts.acknowledged * 3)
  expect(counts.revealed).toBeGreaterThan(0)
  expect(counts.burned).toBeGreaterThan(0)
  expect(counts.revealed + counts.burned + counts.forfeited).toBe(counts.acknowledged)
})

it.each([
  ['generous', 'twice', /^twice: secret \d+ of round \d+/m],
  ['forgetful', 'lost', /^lost: .*, its receipt says missing$/m],
  ['lying', 'denied', /^denied: /m],
  ['silent', 'stuck', /^stuck: POST \/api\/v1\/secret\/\w+ at server 0 in a round of /m],
  ['broken', 'unexpected', /reveal unexpected .*"status":500/],
] as const)('counts what a %s server does as %s, and says of which secret', async (manner, count, line) => {
  const { counts, said } = await resultOf(manner)
  expect(failuresIn(counts)).toContain(count)
  expect(said).toMatch(line)
})

it('counts a claim whose answer is cut as forfeited in a round that kills servers, and as lost in others', async () => {
  const { counts, said } = await resultOf('cutting')
  expect(counts.forfeited).toBeGreaterThan(0)
  expect(counts.lost).toBeGreaterThan(0)
  expect(said).toMatch(/ms, (none|full|stop-server): reveal cut/)
  expect(said).not.toMatch(/ms, kill-server: reveal cut/)
})

it('counts a claim that is answered 503 as refused in doubt in a round that breaks the store, and as lost in others', async () => {
  const { counts, said } = await resultOf('doubtful')
  expect(counts['refused-in-doubt']).toBeGreaterThan(0)
  expect(counts.lost).toBeGreaterThan(0)
  expect(said).toMatch(/ms, (none|full|kill-server): reveal unavailable/)
  expect(said).not.toMatch(/ms, kill-store: reveal unavailable/)
})

it.each([
  ['sentinel', 1000, 'refused-in-doubt'],
  ['sentinel', 999, 'lost'],
  ['cluster', 1000, 'refused-in-doubt'],
  ['redis', 5000, 'lost'],
  ['lmdb', 5000, 'lost'],
] as const)(
  'counts a claim that %s answers by 503 after %i ms, without a fault of ours, as %s',
  (store, ended, verdict) => {
    const attempt = { sent: 0, ended, fault: 'none', disconnected: false } as const
    const entry: Entry = {
      secret: 1,
      value: 'a',
      passphrase: '',
      secretKey: 'a',
      receiptKey: 'b',
      expires: false,
      round: 0,
      created: 0,
      state: 'received',
      tries: [
        { ...attempt, action: 'reveal', seen: 'unavailable' },
        { ...attempt, action: 'reveal', seen: 'unknown', sent: ended },
      ],
    }
    expect(judge(entry, store)).toBe(verdict)
  },
)

it.each([
  ['honest', []],
  ['generous', ['two have claimed it']],
  ['forgetful', ['unknown, although nobody can have claimed it']],
  ['lying', ['unknown before it was claimed or seen']],
  ['broken', ['an answer that is always wrong']],
] as const)('records of a %s server a history that is judged by itself', async (manner, violations) => {
  const { counts, lines } = await resultOf(manner)
  expect(lines).toHaveLength(counts.requests)
  const found = findingsIn(lines).map((finding) => finding.violations)
  expect([...new Set(found.flat())]).toEqual(
    expect.arrayContaining(violations.length === 0 ? [] : [...violations, 'not linearizable']),
  )
  expect(found.length > 0).toBe(violations.length > 0)
})

it('prints each count of each store', async () => {
  const { counts } = await resultOf('honest')
  const total = totalOf([counts, counts])
  expect(total.acknowledged).toBe(2 * counts.acknowledged)
  const [head = '', row = ''] = tableOf(new Map([['total', total]])).split('\n')
  const cells = row.trim().split(/ +/)
  expect(cells).toEqual([
    'total',
    ...head
      .trim()
      .split(/ +/)
      .map((name) => String(total[name as keyof Counts])),
  ])
})

import type { Verdict } from './ledger.ts'

/** What a run counts. */
export type Count =
  | 'rounds'
  | 'requests'
  /** Requests whose effect their clients do not know: without an answer, or with a 503. */
  | 'unclear'
  /** Secrets whose creation got its answer. */
  | 'acknowledged'
  | Verdict

const COLUMNS: readonly Count[] = [
  'rounds',
  'requests',
  'unclear',
  'acknowledged',
  'revealed',
  'burned',
  'expired',
  'lost',
  'twice',
  'denied',
  'unexpected',
  'stuck',
  'forfeited',
  'refused-in-doubt',
]
const FAILURES: readonly Count[] = ['lost', 'twice', 'denied', 'unexpected', 'stuck']

/** The counts of a run on one store. */
export type Counts = Record<Count, number>

/** Returns counts of nothing. */
export function noCounts(): Counts {
  return Object.fromEntries(COLUMNS.map((name) => [name, 0])) as Counts
}

/** Adds counts up. */
export function totalOf(all: readonly Counts[]): Counts {
  const total = noCounts()
  for (const counts of all) for (const name of COLUMNS) total[name] += counts[name]
  return total
}

/** Returns the counts of what went wrong and no fault explains. */
export function failuresIn(counts: Counts): Count[] {
  return FAILURES.filter((name) => counts[name] > 0)
}

/** Whether a count is one that has to be 0. */
export function isFailure(name: Count): boolean {
  return FAILURES.includes(name)
}

/** Returns a table with a row for each store. */
export function tableOf(rows: ReadonlyMap<string, Counts>): string {
  const line = (first: string, cell: (name: Count) => string) =>
    [first.padEnd(8), ...COLUMNS.map((name) => cell(name).padStart(Math.max(name.length, 6)))].join('  ')
  return [
    line('', (name) => name),
    ...[...rows].map(([store, counts]) => line(store, (name) => String(counts[name]))),
    '',
  ].join('\n')
}

import { isLinearizable, isLinearizableUnlessUndone } from './checker.ts'
import { bySecret, type HistoryLine } from './history.ts'
import { type Violation, violationsIn } from './properties.ts'

/** What is wrong with the history of a secret. */
type Fault =
  | Violation
  | 'not linearizable'
  | 'a look that no order explains'
  | 'a look that only a failover explains'

/** A secret that no order of its requests explains, or whose promise was broken. */
export interface Finding {
  readonly secret: number
  /**
   * A look is a peek at the secret or a view of the receipt. It may show a claim that replicas have not confirmed, and that a
   * failover then undoes: the caller was answered 503, and the secret is revealed to another. So such looks are told apart.
   */
  readonly violations: readonly Fault[]
  readonly lines: readonly HistoryLine[]
}

/** Judges a history, secret by secret: whether each is linearizable and keeps the promises. @returns Those that do not. */
export function findingsIn(lines: readonly HistoryLine[]): Finding[] {
  return [...bySecret(lines)].flatMap(([secret, its]) => {
    const violations = [...violationsIn(its), ...searchedIn(its)]
    return violations.length === 0 ? [] : [{ secret, violations, lines: its }]
  })
}

/** Tells whether nothing is wrong on a store that fails over: each look that was undone had shown what was never confirmed. */
export function isOfUndoneLooks({ violations }: Finding): boolean {
  return violations.every((fault) => fault === 'a look that only a failover explains')
}

/** Returns what is left without peeks at secrets and views of receipts. */
export function withoutLooks(lines: readonly HistoryLine[]): HistoryLine[] {
  return lines.filter(({ call }) => call !== 'peek' && call !== 'view')
}

function searchedIn(lines: readonly HistoryLine[]): Fault[] {
  if (isLinearizable(lines)) return []
  if (!isLinearizable(withoutLooks(lines))) return ['not linearizable']
  return isLinearizableUnlessUndone(lines)
    ? ['a look that only a failover explains']
    : ['a look that no order explains']
}

/** Prints a finding with all requests about its secret. */
export function textOf({ secret, violations, lines }: Finding): string {
  const start = Math.min(...lines.map(({ from }) => from))
  const rows = lines
    .toSorted((a, b) => a.from - b.from)
    .map(({ from, to, call, answer, server, fault, age = [] }) => {
      const times = [from, to].map((time) => (time - start).toFixed(1)).join('-')
      return `  ${times} ms, server ${server}, ${fault}: ${call} ${answer} ${age.map(Math.round).join('-')}`
    })
  return [`secret ${secret}: ${violations.join('; ')}`, ...rows].join('\n')
}

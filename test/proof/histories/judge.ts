import { isLinearizable } from './checker.ts'
import { bySecret, type HistoryLine } from './history.ts'
import { type Violation, violationsIn } from './properties.ts'

/** A secret that no order of its requests explains, or whose promise was broken. */
export interface Finding {
  readonly secret: number
  readonly violations: readonly (Violation | 'not linearizable')[]
  readonly lines: readonly HistoryLine[]
}

/** Judges a history, secret by secret: whether each is linearizable and keeps the promises. @returns Those that do not. */
export function findingsIn(lines: readonly HistoryLine[]): Finding[] {
  return [...bySecret(lines)].flatMap(([secret, its]) => {
    const violations = [...violationsIn(its), ...(isLinearizable(its) ? [] : (['not linearizable'] as const))]
    return violations.length === 0 ? [] : [{ secret, violations, lines: its }]
  })
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

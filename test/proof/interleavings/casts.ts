import type { ClientKind } from './behaviours.ts'
import type { Scenario } from './scenario.ts'

/** The kinds of clients that come in every combination. */
const KINDS: Readonly<Record<Scenario['secret'], readonly ClientKind[]>> = {
  plain: ['reader', 'burner', 'viewer', 'peeker'],
  protected: ['reader', 'burner', 'viewer', 'peeker', 'guesser'],
}

/** Returns all combinations of a number of clients, for a secret with passphrase or without. */
export function castsOf(secret: Scenario['secret'], count: number): ClientKind[][] {
  return combinations(KINDS[secret], count)
}

function combinations<T>(items: readonly T[], count: number): T[][] {
  if (count === 0) return [[]]
  return items.flatMap((item, index) =>
    combinations(items.slice(index), count - 1).map((others) => [item, ...others]),
  )
}

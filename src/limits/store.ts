import type { Budget } from './budget.ts'

/** Where request budgets are counted, shared by all processes. */
export interface RateStore {
  /**
   * Counts one request in one atomic step. A refused request is not counted.
   * @param bucket Who is counted and for what, as an opaque name without an address in clear.
   * @param now Unix milliseconds.
   * @returns Seconds to wait when the budget is spent (at least 1), else 0.
   * @throws DomainError `store_unavailable`.
   */
  take(bucket: string, budget: Budget, now: number): Promise<number>
}

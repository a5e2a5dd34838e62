/** At most `limit` events in `windowMs` milliseconds, counted from the first. */
export interface Budget {
  readonly limit: number
  readonly windowMs: number
}

/** Ends a check early whose difference is recorded, because the rest depends on it. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned'
}

/** Ends a check that cannot tell anything about the server. */
export class NotRun extends Error {
  override readonly name = 'NotRun'
  /** Whether the run is incomplete without it. */
  readonly prevented: boolean

  /** Creates it with the reason, for a person. */
  constructor(reason: string, { prevented }: { readonly prevented: boolean }) {
    super(reason)
    this.prevented = prevented
  }
}

/** Ends a check because the server's rate limit is met. */
export class RateLimited extends NotRun {
  /** Creates it. @param seconds When to try again, if the server says so. */
  constructor(seconds: number | undefined) {
    const later = seconds === undefined ? '' : `; try again in ${seconds} s`
    super(`the server's rate limit is met${later}`, { prevented: true })
  }
}

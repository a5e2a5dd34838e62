import type { Difference } from './expect/matcher.ts'
import type { Section } from './sections.ts'
import type { Stage } from './stage.ts'

/** A version of the API. */
export type Version = 'v1' | 'v2' | 'v3'

/** A version with the newer form of the API. */
export type NewVersion = Exclude<Version, 'v1'>

/** What a check requires: an account, anonymous creation, or that v3 takes Basic on the paths without `/guest`. */
export type Need = 'account' | 'anonymous creation' | 'v3 without session'

/** One claim about a server. */
export interface Check {
  /** `version/area/what`, by which it is selected. */
  readonly id: string
  /** The section of the contract that says so. */
  readonly section: Section
  /** A sentence about the server, without its subject and without a full stop. */
  readonly title: string
  /** How many secrets it creates on a server that agrees. */
  readonly secrets: number
  readonly needs?: readonly (Need | Version)[]
  /**
   * Asks the server, and records each difference on the stage.
   *
   * @throws Abandoned, NotRun or NoResponse, which the runner turns into the result.
   */
  run(stage: Stage): Promise<void>
}

/** What came of a check. */
export interface Result extends Pick<Check, 'id' | 'section' | 'title'> {
  readonly outcome: 'agrees' | 'differs' | 'not run'
  /** Empty unless it differs. */
  readonly differences: readonly Difference[]
  /** Other responses of known servers that were accepted, each with who sends them. */
  readonly notes: readonly string[]
  /** Why it was not run. */
  readonly reason?: string
  /** Whether the run was to include it, and something outside of the contract prevented that. */
  readonly prevented: boolean
  readonly requests: number
  readonly milliseconds: number
}

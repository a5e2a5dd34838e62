import type { Check, Need, Result, Version } from './check.ts'
import { removeOpen } from './cleanup.ts'
import { Abandoned, NotRun, RateLimited } from './interruptions.ts'
import { type RunContext, Stage } from './stage.ts'
import { NoResponse } from './transport.ts'

/** After so many checks in a row that got no response, met a rate limit, or left a secret behind, no more are run. */
const FUTILE_CHECKS = 3

/** How many requests a run may send before it starts no more checks. All checks together send fewer. */
export const MAXIMUM_REQUESTS = 1500

const GONE = new NotRun('the server does not respond any more', { prevented: true })
const KEEPS = new NotRun('what was created could not be removed any more', { prevented: true })
const EXHAUSTED = new NotRun(`the run has sent its maximum of ${MAXIMUM_REQUESTS} requests`, {
  prevented: true,
})

const CUT_SHORT = new NotRun('the run was cut short', { prevented: true })

/** Why checks of a version, or with a need, cannot be run. */
export type Obstacles = ReadonlyMap<Need | Version, NotRun>

/** What keeps a run from its end. */
export interface Limits {
  readonly obstacles: Obstacles
  /** No check is started once it is aborted. */
  readonly cut?: AbortSignal | undefined
}

/** The results of a run. */
export interface Run {
  readonly results: readonly Result[]
  readonly requests: number
  /** How many secrets were created. */
  readonly created: number
  /** How many of them could not be removed. */
  readonly left: number
}

/** Runs checks, one after the other, and removes what each created. */
export async function runChecks(
  checks: readonly Check[],
  context: RunContext,
  { obstacles, cut }: Limits,
): Promise<Run> {
  const { client } = context
  const results: Result[] = []
  let left = 0
  let futile = 0
  let stopped: NotRun | undefined
  for (const check of checks) {
    if (cut?.aborted === true) stopped ??= CUT_SHORT
    stopped ??= client.requests < MAXIMUM_REQUESTS ? undefined : EXHAUSTED
    const obstacle = stopped ?? obstacleTo(check, obstacles)
    const { result, ended } = await runOne(check, context, obstacle)
    results.push(result)
    if (obstacle !== undefined) continue
    const remaining = ended instanceof NoResponse ? 0 : await removeOpen(client)
    left += remaining
    const reason = ended instanceof NoResponse ? GONE : ended instanceof RateLimited ? ended : KEEPS
    futile = reason !== KEEPS || remaining > 0 ? futile + 1 : 0
    if (futile === FUTILE_CHECKS) stopped = reason
  }
  left += client.ledger.open.length
  return { results, requests: client.requests, created: client.ledger.count, left }
}

async function runOne(check: Check, context: RunContext, obstacle: NotRun | undefined) {
  const { id, section, title } = check
  const stage = new Stage(context)
  const requests = context.client.requests
  const start = performance.now()
  const ended = obstacle ?? (await check.run(stage).catch((error: unknown) => error))
  if (ended instanceof NoResponse) {
    stage.differ({ at: ended.request, expected: 'a response', came: ended.message })
  }
  const { differences, notes } = stage.findings
  const result: Result = {
    id,
    section,
    title,
    differences,
    notes,
    // A difference counts, whatever prevented the rest of the check.
    ...(differences.length > 0 ? { outcome: 'differs', prevented: false } : outcomeOf(ended)),
    requests: context.client.requests - requests,
    milliseconds: Math.round(performance.now() - start),
  }
  return { result, ended }
}

function outcomeOf(ended: unknown): Pick<Result, 'outcome' | 'reason' | 'prevented'> {
  if (ended === undefined) return { outcome: 'agrees', prevented: false }
  if (ended instanceof NotRun) {
    return { outcome: 'not run', reason: ended.message, prevented: ended.prevented }
  }
  // Never agreement: the check could not cope with what came. Its message may quote that.
  const { name } = ended as Error
  const reason = ended instanceof Abandoned ? 'it ended early' : `the check failed with a ${name}`
  return { outcome: 'not run', reason, prevented: true }
}

function obstacleTo({ id, needs = [] }: Check, obstacles: Obstacles): NotRun | undefined {
  const version = id.split('/', 1)[0] as Version
  return obstacles.get(version) ?? needs.map((need) => obstacles.get(need)).find((one) => one)
}

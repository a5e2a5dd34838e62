import type { Check, Need, Result, Version } from './check.ts'
import { burnOpen } from './cleanup.ts'
import { Abandoned, NotRun } from './interruptions.ts'
import { type Setting, Stage } from './stage.ts'
import { NoResponse } from './transport.ts'

/** After so many checks in a row without a response, the server is taken to be gone. */
const SILENT_CHECKS = 3

/** How many requests a run may send before it starts no more checks. All checks together send fewer. */
export const MAXIMUM_REQUESTS = 1500

/** Why checks of a version, or with a need, cannot be run. */
export type Obstacles = ReadonlyMap<Need | Version, NotRun>

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
  setting: Setting,
  obstacles: Obstacles,
): Promise<Run> {
  const { client } = setting
  const results: Result[] = []
  let left = 0
  let silent = 0
  for (const check of checks) {
    const obstacle = exhaustion(silent, client.requests) ?? obstacleTo(check, obstacles)
    const { result, ended } = await runOne(check, setting, obstacle)
    results.push(result)
    if (obstacle !== undefined) continue
    silent = ended instanceof NoResponse ? silent + 1 : 0
    if (silent === 0) left += await burnOpen(client)
  }
  left += client.ledger.open.length
  return { results, requests: client.requests, created: client.ledger.count, left }
}

async function runOne(check: Check, setting: Setting, obstacle: NotRun | undefined) {
  const { id, section, title } = check
  const stage = new Stage(setting)
  const requests = setting.client.requests
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
    requests: setting.client.requests - requests,
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

function exhaustion(silentChecks: number, requests: number): NotRun | undefined {
  if (silentChecks >= SILENT_CHECKS) {
    return new NotRun('the server does not respond any more', { prevented: true })
  }
  if (requests < MAXIMUM_REQUESTS) return undefined
  return new NotRun(`the run has sent its maximum of ${MAXIMUM_REQUESTS} requests`, { prevented: true })
}

function obstacleTo({ id, needs = [] }: Check, obstacles: Obstacles): NotRun | undefined {
  const version = id.split('/', 1)[0] as Version
  return obstacles.get(version) ?? needs.map((need) => obstacles.get(need)).find((one) => one)
}

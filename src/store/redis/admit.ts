import type { Quota, RateStore } from '../../limits/rates.ts'
import type { Milliseconds } from '../../time.ts'
import { rejectionOf } from './errors.ts'
import { rateCounter } from './keys.ts'
import { packLimit } from './rates.ts'
import {
  type Reply,
  type RunScript,
  type Script,
  type ScriptArgument,
  type ScriptKeys,
  withinLimit,
} from './scripts.ts'

/** A script, alone and within a rate limit. */
export interface Step {
  readonly alone: Script
  readonly counted: Script
}

/**
 * Runs a step within a rate limit.
 *
 * @param quota What the request counts against; undefined for nothing.
 * @returns The reply of the step, or `rate_limited` and the milliseconds to wait. Then the step was not taken.
 * @throws DomainError `store_unavailable`.
 */
export type Admit = (quota: Quota | undefined, now: Milliseconds, step: Step, ...call: Call) => Promise<Reply>

type Call = readonly [keys: ScriptKeys, args: readonly ScriptArgument[]]

/** Returns the two forms of a script. */
export function stepOf(script: Script): Step {
  return { alone: script, counted: withinLimit(script) }
}

/**
 * Creates the function that admits requests: in one script where that may use the keys of both, as on one server. In a cluster,
 * they are in different slots. There the request is counted first, because a claim cannot be undone, and a request beyond the
 * limit must write nothing.
 *
 * @param slots Whether Redis is a cluster, as far as its address says.
 */
export function createAdmit(run: RunScript, rates: RateStore, slots: 'one' | 'many'): Admit {
  let together = slots === 'one'
  async function apart(quota: Quota, now: Milliseconds, alone: Script, ...call: Call): Promise<Reply> {
    const wait = await rates.take(quota, now)
    return wait > 0 ? [Buffer.from('rate_limited'), wait * 1000] : run(alone, ...call)
  }
  return (quota, now, { alone, counted }, own, args) => {
    if (quota === undefined) return run(alone, own, args)
    if (!together) return apart(quota, now, alone, own, args)
    const keys = [...own, rateCounter(quota.bucket)] as const
    return run(counted, keys, [...args, packLimit(quota, now)]).catch((error: unknown) => {
      // Once the request is counted by itself, a step that needs no write can be taken all the same.
      const rejection = rejectionOf(error)
      if (rejection === undefined) throw error
      if (rejection === 'CROSSSLOT') together = false
      return apart(quota, now, alone, own, args)
    })
  }
}

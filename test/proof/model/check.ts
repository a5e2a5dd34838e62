import { join } from 'node:path'
import { PROMISE_NAMES, type PromiseName } from './promises.ts'
import { search, type Verdict } from './search.ts'
import { isAbout, type Setting } from './settings.ts'
import type { Tools } from './tools.ts'

/** Where the model is, and what searches it. */
export interface Model {
  readonly tools: Tools
  /** The folder of this file, where it is not compiled. */
  readonly folder: string
}

/** What became of a setting. */
export interface Row {
  readonly setting: Setting
  /** What breaks each promise that does not hold. */
  readonly stories: Partial<Readonly<Record<PromiseName, Story>>>
  readonly states: number
  readonly seconds: number
}

/** What happens, one sentence each. */
export type Story = readonly string[]

/**
 * Finds out which promises a setting keeps. Those that are expected to hold are checked together, in one search of all states.
 *
 * @throws Error when a search is not exhaustive.
 */
export async function checkSetting(model: Model, setting: Setting): Promise<Row> {
  const { scopes, broken } = setting
  const stories: Partial<Record<PromiseName, Story>> = {}
  const verdicts: Verdict[] = []
  for (const promise of broken) {
    const verdict = await searchScope(model, scopes[0] ?? [], [promise], 'shortest')
    verdicts.push(verdict)
    if (verdict.story !== undefined) stories[promise] = verdict.story
  }
  const kept = PROMISE_NAMES.filter((promise) => !broken.includes(promise) && isAbout(setting, promise))
  for (const scope of scopes) {
    const verdict = await searchScope(model, scope, kept, 'any')
    verdicts.push(verdict)
    if (verdict.story === undefined) continue
    for (const promise of kept) {
      const { story } = await searchScope(model, scope, [promise], 'shortest')
      if (story !== undefined) stories[promise] = story
    }
  }
  return { setting, stories, states: sum(verdicts, 'states'), seconds: sum(verdicts, 'seconds') }
}

/** Checks promises within a scope of a setting, with something else defined if it is given, such as a bug. */
export function searchScope(
  { tools, folder }: Model,
  scope: readonly string[],
  promises: readonly string[],
  find: 'any' | 'shortest',
): Promise<Verdict> {
  const defines = [...scope, ...promises.map((promise) => `CHECK_${promise}`)]
  return search(tools, { model: join(folder, 'spin/model.pml'), defines, find })
}

function sum(verdicts: readonly Verdict[], figure: 'states' | 'seconds'): number {
  return verdicts.reduce((total, verdict) => total + verdict[figure], 0)
}

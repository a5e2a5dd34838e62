import { pathToFileURL } from 'node:url'
import type { Target } from '../target.ts'
import type { Bundle } from './bundle.ts'
import { Comparisons } from './comparisons.ts'
import { Coverage } from './coverage.ts'
import { GLOBAL } from './instrument.ts'

/** A target that runs instrumented, and what it reports to. */
export interface LoadedTarget {
  readonly target: Target
  readonly coverage: Coverage
  readonly comparisons: Comparisons
}

/** Loads the bundle of a target. */
export async function loadBundle({ path, places }: Bundle): Promise<LoadedTarget> {
  const coverage = new Coverage(places)
  const comparisons = new Comparisons()
  // The modules of the bundle take them from there when they are loaded, some of them later.
  Object.assign(globalThis, { [GLOBAL]: { counters: coverage.counters, operators: comparisons.operators } })
  const { target } = (await import(pathToFileURL(path).href)) as { readonly target: Target }
  return { target, coverage, comparisons }
}

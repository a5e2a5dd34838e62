import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Tools } from './tools.ts'

const run = promisify(execFile)

/** Deeper than any run of the model, of which the longest has fewer than 200 steps. */
const MAX_DEPTH = 10_000
const MAX_MEGABYTES = 2048
const CHECKER_OPTIONS = ['-DSAFETY', '-DNOFAIR', `-DMEMLIM=${MAX_MEGABYTES}`]

/** What SPIN has found. */
export interface Verdict {
  /** Different states of the model that were visited. */
  readonly states: number
  /** Processor time of the search. */
  readonly seconds: number
  /** What happens in the run that breaks a promise; undefined when all states were visited and none does. */
  readonly story?: readonly string[]
}

/** What to search. */
export interface Search {
  readonly model: string
  /** The names that are defined in it, some with a value: `REPLICAS=2`. */
  readonly defines: readonly string[]
  /** Whether to find the shortest story, which takes longer than to find any, or than to find that there is none. */
  readonly find: 'any' | 'shortest'
}

/**
 * Visits every state of the model.
 *
 * @throws Error when SPIN rejects the model, or has not visited everything and has found nothing.
 */
export async function search(tools: Tools, { model, defines, find }: Search): Promise<Verdict> {
  const folder = await mkdtemp(join(tmpdir(), 'emberlink-model-'))
  const options = [`-P${tools.preprocessor}`, ...defines.map((define) => `-D${define}`)]
  const spin = (...args: string[]) => run(tools.spin, [...options, ...args, model], { cwd: folder })
  try {
    await spin('-a')
    const breadthFirst = find === 'shortest' ? ['-DBFS'] : []
    await tools.compile('pan.c', 'pan', [...CHECKER_OPTIONS, ...breadthFirst], folder)
    const { stdout } = await run(join(folder, 'pan'), [`-m${MAX_DEPTH}`, '-w20'], { cwd: folder })
    const figures = figuresOf(stdout)
    if (!existsSync(join(folder, 'model.pml.trail'))) {
      assertExhaustive(stdout)
      return figures
    }
    const replay = await spin('-t', '-T', '-k', 'model.pml.trail')
    return { ...figures, story: storyOf(replay.stdout, stdout) }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Makes sure that a search which has found nothing has visited everything. @param report What the checker prints. */
export function assertExhaustive(report: string): void {
  const isComplete =
    /^State-vector .* errors: 0$/m.test(report) && report.includes('Full statespace search for:')
  const isCut = /max search depth too small|Search not completed|out of memory|memory limit|Bit statespace/i
  if (!isComplete || isCut.test(report)) throw new Error(`the search is not exhaustive:\n${report}`)
}

function figuresOf(report: string): Pick<Verdict, 'states' | 'seconds'> {
  const numberIn = (pattern: RegExp) => Number(pattern.exec(report)?.[1] ?? Number.NaN)
  return {
    states: numberIn(/([\d.e+]+) states, stored/),
    seconds: numberIn(/elapsed time ([\d.e+-]+) seconds/),
  }
}

/** The lines that the model prints, without those in which SPIN lists the state at the end. */
function storyOf(replay: string, report: string): string[] {
  const lines = replay
    .split('\n')
    .filter((line) => /^[a-zA-Z]/.test(line) && !/^(spin:|Never claim)/.test(line))
  const stuck = /^pan:1: invalid end state/m.test(report) ? ['nothing goes on from here'] : []
  return [...lines.map((line) => line.trim()), ...stuck]
}

import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem, type } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { BenchOptions } from './options.ts'
import type { Comparison } from './samples.ts'

const repository = fileURLToPath(new URL('../../../../', import.meta.url))
const FOLDER = `${repository}.cache/bench-results`

/** What the figures were measured on. */
export interface Machine {
  readonly node: string
  readonly system: string
  readonly cores: number
  readonly processor: string
  readonly memoryGb: number
  /** What else ran in the minute before: processes that wanted a core, on average. */
  readonly loadBefore: number
  /** The commit that was measured; ends with `+` when files differed from it. */
  readonly commit: string
}

/** Describes this machine, and the commit. */
export function describeMachine(): Machine {
  return {
    node: process.version,
    system: `${type()} ${release()}`,
    cores: cpus().length,
    processor: cpus()[0]?.model ?? 'unknown',
    loadBefore: loadavg()[0] ?? 0,
    memoryGb: Math.round(totalmem() / 1e9),
    commit: git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+'),
  }
}

/** Stores every sample of a run as JSON. Returns the path of the file. */
export function keepResults(
  machine: Machine,
  options: BenchOptions,
  figures: Readonly<Record<string, readonly Comparison[]>>,
): string {
  mkdirSync(FOLDER, { recursive: true })
  const at = new Date().toISOString()
  const path = `${FOLDER}/${at.replaceAll(/[:.]/g, '-')}.json`
  writeFileSync(path, `${JSON.stringify({ at, machine, options, figures }, null, 1)}\n`)
  return path
}

function git(...args: string[]): string {
  const { stdout, status } = spawnSync('git', args, { cwd: repository, encoding: 'utf8' })
  return status === 0 ? stdout.trim() : 'unknown'
}

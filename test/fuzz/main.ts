import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { assertAccepted, numberOf, readOptions, refuse } from '../support/read-options.ts'
import { readInputs, writeInputs } from './corpus.ts'
import { bundleTarget } from './engine/bundle.ts'
import { escapeBytes } from './engine/escaped.ts'
import { loadBundle } from './engine/load-bundle.ts'
import { runTarget, type WorkerOutput } from './engine/run-target.ts'

const MINUTE_MS = 60_000
const MIN_MINUTES = 0.001
const MAX_BYTES = 4096
const KEPT_BYTES = 6000
const USAGE =
  'usage: npm run fuzz -- [--minutes N] [--target NAME] [--seed N] [--jobs 1|2] [--keep] [--input FILE]'

const known = readdirSync(`${PROJECT_ROOT}test/fuzz/targets`).map((file) => file.replace(/\.ts$/, ''))
const cache = `${PROJECT_ROOT}.cache/fuzz`
const { minutes, names, seed, jobs, keep, input } = readArguments()
if (input !== undefined) await rerun(input)
else await search()

/** Runs one target on one input, so that what it throws can be looked at. */
async function rerun(path: string): Promise<void> {
  const [name, ...others] = names
  if (name === undefined || others.length > 0) return refuse('--input needs one --target', USAGE)
  const { target } = await loadBundle(await bundleTarget(`targets/${name}.ts`, `${cache}/bundles`))
  say(`${name}: ${target.input}`)
  await target.run(readFileSync(path))
  say(`${name}: every property holds`)
}

async function search(): Promise<void> {
  const ms = (minutes * MINUTE_MS * jobs) / names.length
  say(`seed ${seed}, ${minutes} minutes for ${names.length} targets, ${jobs} at a time`)
  say(rowOf(['target', 'executions', 'per second', 'places reached', 'of', 'inputs kept', 'finding']))
  const waiting = [...names]
  let found = 0
  async function work(): Promise<void> {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      if (await searchOne(name, ms)) found += 1
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
  process.exitCode = found > 0 ? 1 : 0
}

/** Searches for findings of one target. Returns whether there is one. */
async function searchOne(name: string, ms: number): Promise<boolean> {
  const bundle = await bundleTarget(`targets/${name}.ts`, `${cache}/bundles`)
  const kept = `${PROJECT_ROOT}test/fuzz/corpus/${name}.txt`
  const regressions = readInputs(`${PROJECT_ROOT}test/fuzz/regressions/${name}.txt`)
  const inputs = [...readInputs(kept), ...readInputs(`${cache}/corpus/${name}.txt`), ...regressions]
  const output = await runTarget({ bundle, inputs, seed, ms, maxBytes: MAX_BYTES, keptBytes: KEPT_BYTES })
  const { executions, reached, corpus, finding } = output
  const speed = Math.round(executions / (ms / 1000))
  say(rowOf([name, executions, speed, reached, bundle.places, corpus.length, finding ? 'YES' : 'none']))
  if (finding !== undefined) report(name, finding)
  else writeInputs(keep ? kept : `${cache}/corpus/${name}.txt`, corpus)
  return finding !== undefined
}

function report(name: string, { input: bytes, stack }: NonNullable<WorkerOutput['finding']>): void {
  const id = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  mkdirSync(`${cache}/findings`, { recursive: true })
  const path = `${cache}/findings/${name}-${id}`
  writeFileSync(path, bytes)
  say(`\n${stack}\n`)
  say(`rerun: npm run fuzz -- --target ${name} --input ${path}`)
  say(`keep:  append this line to test/fuzz/regressions/${name}.txt\n${escapeBytes(Buffer.from(bytes))}\n`)
}

function rowOf(cells: readonly (string | number)[]): string {
  return cells
    .map((cell, index) => (index === 0 ? String(cell).padEnd(18) : String(cell).padStart(15)))
    .join('')
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function readArguments() {
  const values = readOptions(
    {
      minutes: { type: 'string', default: '5' },
      target: { type: 'string', multiple: true, default: known },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      jobs: { type: 'string', default: '1' },
      keep: { type: 'boolean', default: false },
      input: { type: 'string' },
    },
    USAGE,
  )
  for (const name of values.target) assertAccepted('--target', name, known)
  return {
    minutes: numberOf('--minutes', values.minutes, { minimum: MIN_MINUTES, fractions: true }),
    names: [...new Set(values.target)],
    seed: numberOf('--seed', values.seed),
    jobs: numberOf('--jobs', values.jobs, { minimum: 1, maximum: 2 }),
    keep: values.keep,
    input: values.input,
  }
}

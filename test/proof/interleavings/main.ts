import { numberOf, readOptions, refuse } from '../../support/read-options.ts'
import { BrokenPromise } from './broken-promise.ts'
import { catalogueOf } from './catalogue.ts'
import { drawInterleaving } from './draw-interleaving.ts'
import { explore } from './explore.ts'
import { createSamples, type Samples } from './sample.ts'
import { titleOf } from './scenario.ts'

const MINUTE_MS = 60_000
const DRAWN_AT_ONCE = 100
const USAGE = `usage: npm run interleavings -- [--clients 0-4] [--faults 0-2] [--part N/OF] [--seed TEXT] [--minutes N] [--quiet]
       npm run interleavings -- --seed TEXT/N`
/** The seed of a single interleaving, which a failure names. */
const OF_ONE = /\/\d+$/

const { clients, faults, part, parts, seed, minutes, isQuiet } = readArguments()
// Every lost answer makes an error, whose stack nobody reads.
Error.stackTraceLimit = 0
try {
  const samples = await createSamples()
  if (OF_ONE.test(seed)) {
    await drawInterleaving(seed, samples)
  } else {
    await enumerateAll(samples)
    if (minutes > 0) await drawUntil(performance.now() + minutes * MINUTE_MS, samples)
  }
  say('every promise held')
} catch (error) {
  if (!(error instanceof BrokenPromise)) throw error
  say(error.message)
  process.exitCode = 1
}

async function enumerateAll(samples: Samples): Promise<void> {
  const scenarios = catalogueOf({ clients, faults }).filter((_, index) => index % parts === part - 1)
  if (scenarios.length === 0 && clients > 0) refuse(`--part ${part}/${parts}: there are fewer scenarios`)
  let [interleavings, runs] = [0n, 0]
  for (const scenario of scenarios) {
    const sample = samples[scenario.secret]
    const explored = await explore(scenario, { sample, reduction: 'known states and equal choices' })
    interleavings += explored.interleavings
    runs += explored.runs
    const { states } = explored
    if (!isQuiet) {
      const { interleavings: all, runs: run } = explored
      say(`${titleOf(scenario)}: ${all} interleavings by ${run} runs, ${states} states`)
    }
  }
  const seconds = Math.round(process.cpuUsage().user / 1e6)
  say(
    `${scenarios.length} scenarios: ${interleavings} interleavings by ${runs} runs in ${seconds} CPU seconds`,
  )
}

async function drawUntil(end: number, samples: Samples): Promise<void> {
  say(`seed ${seed}`)
  let drawn = 0
  while (performance.now() < end) {
    for (let index = 0; index < DRAWN_AT_ONCE; index += 1, drawn += 1) {
      await drawInterleaving(`${seed}/${drawn}`, samples)
    }
  }
  say(`${drawn} interleavings drawn`)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function readArguments() {
  const values = readOptions(
    {
      clients: { type: 'string', default: '4' },
      faults: { type: 'string', default: '2' },
      part: { type: 'string', default: '1/1' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      minutes: { type: 'string', default: '0' },
      quiet: { type: 'boolean', default: false },
    },
    USAGE,
  )
  const clients = numberOf('--clients', values.clients, { minimum: 0, maximum: 4 })
  const faults = numberOf('--faults', values.faults, { minimum: 0, maximum: 2 })
  const minutes = numberOf('--minutes', values.minutes, { minimum: 0, fractions: true })
  const [, part, parts] = (/^(\d+)\/(\d+)$/.exec(values.part) ?? []).map(Number)
  if (part === undefined || parts === undefined || part < 1 || part > parts) {
    refuse(`--part ${values.part}: must be N/OF, such as 1/4`)
  }
  if (clients === 0 && minutes === 0 && !OF_ONE.test(values.seed))
    refuse('--clients 0 enumerates nothing: it needs --minutes', USAGE)
  return { clients, faults, part, parts, seed: values.seed, minutes, isQuiet: values.quiet }
}

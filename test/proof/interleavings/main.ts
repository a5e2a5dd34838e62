import { readOptions, refuse } from '../../support/read-options.ts'
import { BrokenPromise } from './broken-promise.ts'
import { catalogueOf } from './catalogue.ts'
import { drawInterleaving } from './draw-interleaving.ts'
import { explore } from './explore.ts'
import { createSamples, type Samples } from './sample.ts'
import { titleOf } from './scenario.ts'

const MINUTE_MS = 60_000
const DRAWN_AT_ONCE = 100
const USAGE =
  'usage: npm run interleavings -- [--clients 0-4] [--faults 0-2] [--part N/OF] [--seed TEXT] [--minutes N] [--quiet]'

const { clients, faults, part, parts, seed, minutes, isQuiet } = readArguments()
// Every lost answer makes an error, whose stack nobody reads.
Error.stackTraceLimit = 0
try {
  const samples = await createSamples()
  await enumerateAll(samples)
  if (minutes > 0) await drawUntil(performance.now() + minutes * MINUTE_MS, samples)
  say('every promise held')
} catch (error) {
  if (!(error instanceof BrokenPromise)) throw error
  say(error.message)
  process.exitCode = 1
}

async function enumerateAll(samples: Samples): Promise<void> {
  const scenarios = catalogueOf({ clients, faults }).filter((_, index) => index % parts === part - 1)
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
  const [part = 0, parts = 0] = values.part.split('/').map(Number)
  const [clients, faults, minutes] = [Number(values.clients), Number(values.faults), Number(values.minutes)]
  const isValid = clients >= 0 && clients <= 4 && faults >= 0 && faults <= 2 && minutes >= 0
  if (!isValid || !Number.isInteger(clients + faults + part + parts) || part < 1 || part > parts) {
    refuse('a number is out of its range', USAGE)
  }
  if (clients === 0 && minutes === 0) refuse('--clients 0 enumerates nothing: it needs --minutes', USAGE)
  return { clients, faults, part, parts, seed: values.seed, minutes, isQuiet: values.quiet }
}

import { existsSync } from 'node:fs'
import { FIGURES } from './figures.ts'
import { OptionError, readOptions, usage } from './options.ts'
import { describe } from './report.ts'
import { describeMachine, keepResults } from './results.ts'
import type { Comparison } from './samples.ts'
import { createStage } from './stage.ts'

const BAD_USAGE = 2
const INTERRUPTED = 130

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // The servers end with the process.
  process.once(signal, () => process.exit(INTERRUPTED))
}

const options = read()
if (!existsSync('/proc/self/schedstat')) {
  process.stderr.write('the benchmark reads processor time and memory from /proc, so it needs Linux\n')
  process.exit(BAD_USAGE)
}
const machine = describeMachine()
const { rounds, seconds, only } = options
say(
  `Emberlink ${machine.commit}, Node ${machine.node}, ${machine.cores} x ${machine.processor}, ${machine.system}\n` +
    `medians of ${rounds} rounds, loads of ${seconds} s, secrets of 100 bytes, 64 connections; ratios are taken within a round\n`,
)
if (machine.loadBefore > machine.cores / 2) {
  say(
    `the load average is ${machine.loadBefore.toFixed(1)}: other programs are running, so trust no rate and no latency\n`,
  )
}
const figures: Record<string, readonly Comparison[]> = {}
for (const name of only) {
  const stage = createStage()
  try {
    const comparisons = (await FIGURES.get(name)?.measure(stage, options)) ?? []
    figures[name] = comparisons
    for (const comparison of comparisons) say(describe(comparison))
  } catch (error) {
    process.exitCode = 1
    say(`${name} FAILED: ${(error as Error).stack}\n`)
  } finally {
    await stage.close()
  }
}
say(`raw data: ${keepResults(machine, options, figures)}`)

function read() {
  try {
    const options = readOptions(process.argv.slice(2))
    if (options !== 'help') return options
    say(usage())
    process.exit(0)
  } catch (error) {
    if (!(error instanceof OptionError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(BAD_USAGE)
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

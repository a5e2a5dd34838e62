import { parentPort, workerData } from 'node:worker_threads'
import type { Target } from '../target.ts'
import { distil } from './distil.ts'
import { fuzz } from './fuzz.ts'
import { loadBundle } from './load-bundle.ts'
import { Random } from './random.ts'
import type { WorkerInput, WorkerOutput } from './run-target.ts'
import { wordsOf } from './words.ts'

const { bundle, inputs, seed, ms, maxBytes, keptBytes, shared } = workerData as WorkerInput
const [state, current] = [new Int32Array(shared, 0, 2), Buffer.from(shared, 8)]
const { target, coverage, comparisons } = await loadBundle(bundle)

/** Leaves an input where the main thread finds it when it hangs. */
function announce(input: Buffer): void {
  state[1] = input.copy(current)
  Atomics.add(state, 0, 1)
}

const until = performance.now() + ms
const corpus = [...target.seeds(), ...inputs].map((input) => Buffer.from(input as Buffer))
const found = await fuzz({
  target,
  random: new Random(seed),
  corpus: corpus.length === 0 ? [Buffer.alloc(0)] : corpus,
  dictionary: wordsOf(bundle.words),
  coverage,
  comparisons,
  maxBytes,
  goesOn(input) {
    announce(input)
    return performance.now() < until
  },
})
const run: Target['run'] = (input) => {
  announce(input)
  return target.run(input)
}
const output: WorkerOutput = {
  executions: found.executions,
  reached: coverage.places,
  corpus: await distil({ run }, found.corpus, coverage, keptBytes),
  ...(found.finding && {
    finding: { input: found.finding.input, stack: stackOf(found.finding.error) },
  }),
}
parentPort?.postMessage(output)

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

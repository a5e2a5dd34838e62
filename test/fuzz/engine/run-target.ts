import { Worker } from 'node:worker_threads'
import type { Bundle } from './bundle.ts'

/** What the thread that runs a target is given. */
export interface WorkerInput {
  readonly bundle: Bundle
  /** The corpus, to which the target adds its seeds. */
  readonly inputs: readonly Uint8Array[]
  readonly seed: number
  readonly ms: number
  /** Bytes that no input exceeds. */
  readonly maxBytes: number
  /** Bytes that the corpus does not exceed. */
  readonly keptBytes: number
  /** The number of runs so far and the length of the current input, 4 bytes each, then the current input. */
  readonly shared: SharedArrayBuffer
}

/** What a thread has found. */
export interface WorkerOutput {
  readonly executions: number
  /** Places in the code that were reached. */
  readonly reached: number
  /** The fewest inputs that reach them. */
  readonly corpus: readonly Uint8Array[]
  readonly finding?: { readonly input: Uint8Array; readonly stack: string }
}

/** How long a run may take before it counts as one that never ends. */
const HANG_MS = 20_000

/**
 * Fuzzes a target in a thread of its own.
 *
 * @param options All that the thread needs but the shared memory.
 * @returns What it has found. An input that takes 20 s is a finding, too.
 */
export async function runTarget(options: Omit<WorkerInput, 'shared'>): Promise<WorkerOutput> {
  const shared = new SharedArrayBuffer(8 + options.maxBytes)
  const worker = new Worker(new URL('worker.js', import.meta.url), {
    workerData: { ...options, shared } satisfies WorkerInput,
  })
  const state = new Int32Array(shared, 0, 2)
  return new Promise((resolve, reject) => {
    let seen = { executions: 0, at: performance.now() }
    const watch = setInterval(() => {
      const executions = Atomics.load(state, 0)
      if (executions !== seen.executions || executions === 0) {
        seen = { executions, at: performance.now() }
      } else if (performance.now() - seen.at > HANG_MS) {
        const input = Buffer.from(shared, 8, state[1])
        finish({ executions, reached: 0, corpus: [], finding: { input, stack: 'it does not end' } })
      }
    }, 1000)
    const finish = (output: WorkerOutput) => {
      clearInterval(watch)
      void worker.terminate().then(() => resolve(output))
    }
    worker.once('message', finish).once('error', (error) => {
      clearInterval(watch)
      reject(error)
    })
  })
}

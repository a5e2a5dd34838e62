import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { endsWithin } from './shutdown.ts'

/**
 * Runs this program in several worker processes that share a listening address. A worker that exits after it was listening
 * is replaced; if one cannot start, all are stopped.
 *
 * @param count The number of workers.
 * @param stopRequested Settles when all workers should stop.
 * @param stopMs How long the workers may take to stop before they are killed.
 * @returns The exit status: 0 after a requested stop, 1 when a worker could not start.
 */
export async function superviseWorkers(
  count: number,
  stopRequested: Promise<unknown>,
  stopMs: number,
): Promise<number> {
  const served = new WeakSet<Worker>()
  let stopping = false
  let status = 0

  const failed = new Promise<void>((resolve) => {
    cluster.on('listening', (worker) => served.add(worker))
    cluster.on('exit', (worker) => {
      if (stopping) return
      if (served.has(worker)) return void cluster.fork()
      status = 1
      resolve()
    })
  })
  for (let i = 0; i < count; i += 1) cluster.fork()

  await Promise.race([stopRequested, failed])
  stopping = true
  const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
  const exited = Promise.all(workers.map((worker) => once(worker, 'exit')))
  for (const worker of workers) worker.process.kill('SIGTERM')
  if (!(await endsWithin(stopMs, exited))) {
    for (const worker of workers) worker.process.kill('SIGKILL')
    await exited
  }
  return status
}

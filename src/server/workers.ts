import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'

/**
 * Runs this program in several processes that share the listening address. One that dies after it has served is
 * replaced; one that cannot start ends them all.
 * @param count How many.
 * @param stopAsked Settles when all are to stop.
 * @returns The exit status: 0 after a stop that was asked for.
 */
export async function superviseWorkers(count: number, stopAsked: Promise<unknown>): Promise<number> {
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

  await Promise.race([stopAsked, failed])
  stopping = true
  const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
  await Promise.all(
    workers.map((worker) => {
      const gone = once(worker, 'exit')
      worker.process.kill('SIGTERM')
      return gone
    }),
  )
  return status
}

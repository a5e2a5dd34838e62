import cluster from 'node:cluster'
import { once } from 'node:events'
import { readConfig } from '../config/environment.ts'
import { startServer } from '../server.ts'
import { superviseWorkers } from '../workers.ts'

/**
 * Serves until SIGTERM or SIGINT.
 * @returns The exit status: 0 after a graceful stop.
 * @throws ConfigError, or whatever `startServer` throws.
 */
export async function serve(): Promise<number> {
  const config = readConfig()
  const stopAsked = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
  if (config.workers > 1 && cluster.isPrimary) return superviseWorkers(config.workers, stopAsked)

  try {
    const server = await startServer(config)
    await stopAsked
    await server.stop()
    return 0
  } finally {
    // The channel to the primary would keep the process alive.
    if (cluster.isWorker) cluster.worker?.disconnect()
  }
}

import type { RedisClient } from './client.ts'
import { describe } from './errors.ts'

/** Keeps the reason why there is no connection, as far as the client reports it. */
export interface FaultLog {
  readonly known: Error | undefined
  /** Forgets the faults of connecting. From here on, the first fault after a working connection is reported. */
  start(report: (fault: Error) => void): void
  /** Stops reporting: the connection is about to be closed on purpose. */
  stop(): void
}

/** Creates the log of a client that is not connected yet. */
export function createFaultLog(client: RedisClient): FaultLog {
  let known: Error | undefined
  let report: ((fault: Error) => void) | undefined

  const note = (error: Error): void => {
    const isFirst = known === undefined
    known = describe(error, known)
    if (isFirst) report?.(known)
  }
  const forget = (): void => {
    known = undefined
  }
  for (const event of ['error', 'node error', 'sentinelError']) client.on(event, note)
  client.on('close', () => note(new Error('Connection is closed.')))

  return {
    get known() {
      return known
    },
    start(to) {
      forget()
      report = to
      client.on('ready', forget)
      client.on('+node', (node: RedisClient) => node.once('ready', forget))
    },
    stop() {
      report = undefined
    },
  }
}

import type { RedisClient } from './client.ts'
import { describe } from './errors.ts'

/** Remembers the reason for a missing connection, as reported by the client. */
export interface FaultLog {
  readonly known: Error | undefined
  /** Forgets the faults of connecting. From now on, reports the first fault after each working connection. */
  start(report: (fault: Error) => void): void
  /** Stops reporting, before the connection is closed on purpose. */
  stop(): void
}

/** Creates the fault log of a client that is not connected yet. */
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

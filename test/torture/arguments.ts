import { assertAccepted, numberOf, readOptions } from '../support/read-options.ts'
import { REPLICAS } from '../support/redis-groups.ts'
import { STORES, type StoreName } from './faults.ts'

const USAGE = `usage: npm run torture -- [--minutes N] [--operations N] [--density N] [--seed N]
                             [--store lmdb|redis|sentinel|cluster|all] [--replicas 0-2]
                             [--logs FOLDER] [--out FOLDER]
       npm run torture -- --judge FILE`

const MIN_MINUTES = 0.001

/** What the command line asks for. */
export interface Arguments {
  /** How long all stores together take; a round that has begun is finished. */
  readonly minutes: number
  /** How many operations end a store's run sooner; infinite by default. */
  readonly operations: number
  /** How many secrets there are at once: 1 for a dozen in a round. */
  readonly density: number
  readonly seed: number
  readonly stores: readonly StoreName[]
  readonly replicas: number
  /** A folder that keeps the logs of the servers. */
  readonly logs: string | undefined
  /** A folder for the histories. */
  readonly out: string | undefined
  /** A history to judge, in place of a run. */
  readonly judge: string | undefined
}

/** Reads the command line. Prints the usage and ends the process with 2 when it is wrong. */
export function readArguments(): Arguments {
  const values = readOptions(
    {
      minutes: { type: 'string', default: '2' },
      density: { type: 'string', default: '10' },
      operations: { type: 'string' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      store: { type: 'string', default: 'all' },
      replicas: { type: 'string', default: String(REPLICAS) },
      logs: { type: 'string' },
      out: { type: 'string' },
      judge: { type: 'string' },
    },
    USAGE,
  )
  assertAccepted('--store', values.store, [...STORES, 'all'])
  const { logs, out, judge } = values
  return {
    minutes: numberOf('--minutes', values.minutes, { minimum: MIN_MINUTES, fractions: true }),
    operations:
      values.operations === undefined
        ? Number.POSITIVE_INFINITY
        : numberOf('--operations', values.operations, { minimum: 1 }),
    density: numberOf('--density', values.density, { minimum: 1 }),
    seed: numberOf('--seed', values.seed),
    stores: values.store === 'all' ? STORES : STORES.filter((name) => name === values.store),
    replicas: numberOf('--replicas', values.replicas, { minimum: 0, maximum: REPLICAS }),
    logs,
    out,
    judge,
  }
}

import { assertAccepted, readOptions, refuse } from '../support/read-options.ts'
import { REPLICAS } from '../support/redis-groups.ts'
import { STORES, type StoreName } from './faults.ts'

const USAGE = `usage: npm run torture -- [--minutes N] [--operations N] [--density N] [--seed N]
                             [--store lmdb|redis|sentinel|cluster|all] [--replicas 0-2]
                             [--logs FOLDER] [--out FOLDER]
       npm run torture -- --judge FILE`

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
      operations: { type: 'string', default: 'Infinity' },
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
  const minutes = Number(values.minutes)
  const density = Number(values.density)
  const operations = Number(values.operations)
  const seed = Number(values.seed)
  const replicas = Number(values.replicas)
  const stores = values.store === 'all' ? STORES : STORES.filter((name) => name === values.store)
  const areRight =
    minutes > 0 &&
    operations > 0 &&
    Number.isInteger(density) &&
    density > 0 &&
    Number.isInteger(seed) &&
    [0, 1, 2].includes(replicas)
  if (!areRight) refuse('a number is out of its range', USAGE)
  return { minutes, operations, density, seed, stores, replicas, logs, out, judge }
}

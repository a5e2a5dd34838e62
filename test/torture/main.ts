import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { REPLICAS } from '../support/redis-groups.ts'
import { type Counts, hasFailures, tableOf, totalOf } from './counts.ts'
import { deploy } from './deploy.ts'
import type { Deployment } from './deployment.ts'
import { STORES, type StoreName } from './faults.ts'
import { torture } from './run.ts'

const PROGRAM = fileURLToPath(new URL('../../../../dist/main.js', import.meta.url))
const DEADLINE_MS = 30_000
const MINUTE_MS = 60_000
const INTERRUPTED = 130
const USAGE =
  'usage: npm run torture -- [--minutes N] [--seed N] [--store lmdb|redis|sentinel|cluster|all] [--replicas 0-2] [--logs FOLDER]'

const { minutes, seed, stores, replicas, logs } = readArguments()
if (logs !== undefined) mkdirSync(logs, { recursive: true })
let open: Promise<Deployment> | undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    say(`${signal}: clean up`)
    const closed = open?.then((deployment) => deployment.close()) ?? Promise.resolve()
    void closed.finally(() => process.exit(INTERRUPTED))
  })
}

say(`seed ${seed}, ${minutes} minutes on ${stores.join(', ')}`)
const rows = new Map<string, Counts>()
for (const store of stores) {
  open = deploy(store, { program: PROGRAM, replicas, logs })
  const deployment = await open
  try {
    const until = performance.now() + (minutes * MINUTE_MS) / stores.length
    const goesOn = () => performance.now() < until
    const counts = await torture(deployment, {
      store,
      seed,
      deadlineMs: DEADLINE_MS,
      goesOn,
      say: (line) => say(`${store}: ${line}`),
    })
    rows.set(store, counts)
    say(tableOf(new Map([[store, counts]])))
  } finally {
    await deployment.close()
    open = undefined
  }
}
const total = totalOf([...rows.values()])
if (rows.size > 1) say(tableOf(new Map([...rows, ['total', total]])))
process.exitCode = hasFailures(total) ? 1 : 0

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '2' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      store: { type: 'string', default: 'all' },
      replicas: { type: 'string', default: String(REPLICAS) },
      logs: { type: 'string' },
    },
  })
  const [minutes, seed, replicas] = [values.minutes, values.seed, values.replicas].map(Number) as [
    number,
    number,
    number,
  ]
  const stores = values.store === 'all' ? STORES : STORES.filter((name) => name === values.store)
  if (!(minutes > 0) || !Number.isInteger(seed) || stores.length === 0 || ![0, 1, 2].includes(replicas)) {
    process.stderr.write(`${USAGE}\n`)
    process.exit(2)
  }
  return { minutes, seed, stores: stores as readonly StoreName[], replicas, logs: values.logs }
}

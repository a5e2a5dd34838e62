import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { NoHistory } from '../proof/histories/history.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { type Arguments, readArguments } from './arguments.ts'
import { type Counts, failuresIn, tableOf, totalOf } from './counts.ts'
import { deploy } from './deploy.ts'
import type { Deployment } from './deployment.ts'
import type { StoreName } from './faults.ts'
import { judgeFile } from './judge-file.ts'
import { createRecorder } from './recorder.ts'
import { torture } from './run.ts'

const PROGRAM = `${PROJECT_ROOT}dist/main.js`
const HISTORIES = `${PROJECT_ROOT}.cache/histories`
const DEADLINE_MS = 30_000
const MINUTE_MS = 60_000
const BROKEN = 1
const BAD_USAGE = 2
const INTERRUPTED = 130

let open: Promise<Deployment> | undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    say(`${signal}: clean up`)
    const closed = open?.then((deployment) => deployment.close()) ?? Promise.resolve()
    void closed.finally(() => {
      say('verdict: none, it was interrupted')
      process.exit(INTERRUPTED)
    })
  })
}

const given = readArguments()
try {
  const faults = given.judge === undefined ? await runAll(given) : await judgeFile(given.judge, say)
  say(faults.length === 0 ? 'verdict: ok' : `verdict: broken: ${faults.join(', ')}`)
  process.exitCode = faults.length === 0 ? 0 : BROKEN
} catch (error) {
  if (!(error instanceof NoHistory)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = BAD_USAGE
}

/** Runs on each store, and judges what was seen. @returns What was wrong, in words. */
async function runAll({ minutes, seed, stores, ...others }: Arguments): Promise<string[]> {
  say(`seed ${seed}, ${minutes} minutes on ${stores.join(', ')}`)
  const rows = new Map<string, Counts>()
  const rejections: string[] = []
  for (const store of stores) {
    const file = join(others.out ?? HISTORIES, `${store}-${seed}.jsonl`)
    const counts = await runOn(store, file, { ...others, seed, minutes: minutes / stores.length })
    rows.set(store, counts)
    say(tableOf(new Map([[store, counts]])))
    rejections.push(...(await judgeFile(file, say)))
  }
  const total = totalOf([...rows.values()])
  if (rows.size > 1) say(tableOf(new Map([...rows, ['total', total]])))
  return [...failuresIn(total).map((name) => `${total[name]} ${name}`), ...rejections]
}

async function runOn(
  store: StoreName,
  file: string,
  { minutes, operations, density, seed, replicas, logs, out = HISTORIES }: Omit<Arguments, 'stores'>,
): Promise<Counts> {
  for (const folder of [logs, out]) if (folder !== undefined) mkdirSync(folder, { recursive: true })
  open = deploy(store, { program: PROGRAM, replicas, logs })
  const deployment = await open
  const struck = new Map<string, number>()
  const counted: Deployment = {
    ...deployment,
    inject(fault) {
      struck.set(fault.name, (struck.get(fault.name) ?? 0) + 1)
      return deployment.inject(fault)
    },
  }
  const recorder = createRecorder(file, { format: 1, store, seed, replicas })
  try {
    const until = performance.now() + minutes * MINUTE_MS
    const counts = await torture(counted, {
      store,
      seed,
      density,
      deadlineMs: DEADLINE_MS,
      recorder,
      goesOn: ({ requests }) => requests < operations && performance.now() < until,
      say: (line) => say(`${store}: ${line}`),
    })
    say(`faults: ${[...struck].map((entry) => entry.join(' ')).join(', ')}`)
    return counts
  } finally {
    await recorder.close()
    await deployment.close()
    open = undefined
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

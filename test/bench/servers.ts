import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../support/redis-process.ts'
import { BUILD } from './built.ts'
import { type Memory, memoryOf, processorSeconds } from './processes.ts'

const START_MS = 30_000
const POLL_MS = 5

// All of them run as `npm start` runs.
const NODE_FLAGS = ['--max-semi-space-size=16']

const running = new Set<{ readonly child: ChildProcess; readonly folder: string }>()
process.on('exit', () => {
  for (const { child, folder } of running) {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
})

/** A server in a process of its own. */
export interface BenchServer {
  readonly url: string
  /** Milliseconds from its start to its first answer. */
  readonly firstAnswerMs: number
  /** Processor seconds that it has used, with its workers. */
  cpu(): number
  /** With its workers. */
  memory(): Memory
  /** May be called more than once. */
  stop(): Promise<void>
}

/** How to start a server. */
export interface ServerOptions {
  /** By their names in the environment. */
  readonly settings: Readonly<Record<string, string>>
  /** The program of Node.js; by default the one that runs the benchmark. */
  readonly node?: string | undefined
}

/**
 * Starts Emberlink as an operator does, with rate limits too high to be spent: requests are still counted.
 *
 * @param options `build`: the folder of another build.
 */
export function startEmberlink({
  settings,
  node,
  build = BUILD,
}: ServerOptions & { readonly build?: string }): Promise<BenchServer> {
  const limit = '900000000/1'
  const RATE_LIMIT = `create=${limit},reveal=${limit},receipt=${limit}`
  return startProcess(join(build, 'main.js'), { settings: { RATE_LIMIT, ...settings }, node })
}

/** Starts the least that the promises need: baseline/main.ts. */
export function startBaseline(options: ServerOptions): Promise<BenchServer> {
  return startProcess(fileURLToPath(new URL('baseline/main.js', import.meta.url)), options)
}

async function startProcess(
  script: string,
  { settings, node = process.execPath }: ServerOptions,
): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'emberlink-bench-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const began = performance.now()
  const child = spawn(node, [...NODE_FLAGS, script], {
    env: { PATH: process.env['PATH'], DATA_DIR: folder, PORT: String(port), ...settings },
    stdio: ['ignore', 'ignore', 'inherit'],
    cwd: folder,
  })
  const entry = { child, folder }
  running.add(entry)
  await untilAnswers(url, child, began)
  const pid = child.pid as number
  return {
    url,
    firstAnswerMs: performance.now() - began,
    cpu: () => processorSeconds(pid),
    memory: () => memoryOf(pid),
    async stop() {
      if (!running.has(entry)) return
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
      running.delete(entry)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function untilAnswers(url: string, child: ChildProcess, began: number): Promise<void> {
  while (performance.now() - began < START_MS) {
    if (child.exitCode !== null) throw new Error('a server did not start')
    const answer = await fetch(`${url}/health/live`).catch(() => undefined)
    if (answer?.ok) return
    await sleep(POLL_MS)
  }
  throw new Error('a server did not answer')
}

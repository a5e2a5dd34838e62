import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../support/redis-process.ts'
import { createMovableClock } from './clocks.ts'
import type { Misbehaviour } from './deployment.ts'
import { childrenOf, createOrphans } from './orphans.ts'

const START_MS = 30_000
/** By when the workers of a killed server have ended. */
const ORPHANS_MS = 30_000
/** By when a graceful stop is over, whatever clients do: docs/operate.md. */
const STOP_MS = 35_000

/** A server in a process of its own, on a port that it keeps. */
export interface ServerProcess {
  readonly url: string
  kill(): Promise<void>
  /** Kills one of its workers, if it has any. */
  killWorker(target: number): void
  /** Stops it and its workers in their tracks, until `resume`. */
  pause(): void
  resume(): void
  /** Moves its wall clock, in milliseconds ahead of the right time. */
  moveClock(aheadMs: number): void
  /** Sends SIGTERM and waits for the end. */
  stop(): Promise<Misbehaviour[]>
  /** Starts it again. The workers that it had when it was killed must have ended soon after. */
  start(): Promise<Misbehaviour[]>
  /** Ends it for good, workers included. */
  close(): Promise<void>
}

/**
 * Starts `serve` of a build, with what it ships as far as it can be: rate limits are on, and each client has a network of its own.
 *
 * @param program The compiled program.
 * @param folder Where its log goes.
 */
export async function startServerProcess(
  program: string,
  folder: string,
  settings: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const log = createWriteStream(join(folder, `server-${port}.log`), { flags: 'a' })
  const orphans = createOrphans(program)
  const clock = createMovableClock(join(folder, `clock-${port}`))
  const env = {
    PATH: process.env['PATH'],
    PORT: String(port),
    TRUST_PROXY: '1',
    LOG_LEVEL: 'info',
    NODE_OPTIONS: clock.nodeOptions,
    ...settings,
  }
  let closed = false
  let child = launch()
  process.on('exit', () => child.kill('SIGKILL'))

  function launch(): ChildProcess {
    const launched = spawn(process.execPath, [program, 'serve'], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    launched.stdout?.pipe(log, { end: false })
    launched.stderr?.pipe(log, { end: false })
    return launched
  }

  async function isLiveInTime(): Promise<boolean> {
    const until = performance.now() + START_MS
    while (!(await isLive(url))) {
      if (child.exitCode !== null || performance.now() > until) return false
      await sleep(50)
    }
    return true
  }

  function signalAll(signal: NodeJS.Signals): void {
    for (const pid of [child.pid, ...childrenOf(child.pid)]) if (pid !== undefined) process.kill(pid, signal)
  }

  async function kill(): Promise<void> {
    orphans.add(childrenOf(child.pid))
    await end(child, 'SIGKILL')
  }

  if (!(await isLiveInTime())) {
    await end(child, 'SIGKILL')
    throw new Error(`a server does not start: see its log in ${folder}`)
  }
  return {
    url,
    kill,
    killWorker(target) {
      const workers = childrenOf(child.pid)
      const victim = workers[target % Math.max(workers.length, 1)]
      if (victim !== undefined) process.kill(victim, 'SIGKILL')
    },
    pause: () => signalAll('SIGSTOP'),
    resume: () => signalAll('SIGCONT'),
    moveClock: (aheadMs) => clock.move(aheadMs),
    async stop() {
      const stopped = await Promise.race([end(child, 'SIGTERM').then(() => true), sleep(STOP_MS, false)])
      if (!stopped) {
        await end(child, 'SIGKILL')
        return [{ count: 'stuck', text: `a server did not stop within ${STOP_MS} ms` }]
      }
      if (child.exitCode === 0) return []
      const text = `a stopped server exited with ${child.exitCode ?? child.signalCode}`
      return [{ count: 'unexpected', text }]
    },
    async start() {
      if (closed) return []
      child = launch()
      const wrong: Misbehaviour[] = []
      if (!(await isLiveInTime())) {
        wrong.push({ count: 'stuck', text: `a server did not listen within ${START_MS} ms` })
      }
      const stayed = await orphans.clear(wrong.length === 0 ? ORPHANS_MS : 0)
      if (stayed > 0) {
        wrong.push({ count: 'stuck', text: `${stayed} workers of a killed server did not end` })
      }
      return wrong
    },
    async close() {
      closed = true
      await kill()
      // What they hold open must not be removed before they have ended.
      await orphans.clear(0)
      log.end()
    },
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}

function isLive(url: string): Promise<boolean> {
  return fetch(`${url}/health/live`).then(
    ({ ok }) => ok,
    () => false,
  )
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { inspectBackend } from '../../src/server/backend.ts'
import { strayLines } from '../support/json-log.ts'
import { freePort } from '../support/redis-process.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const START_MS = 60_000

type Settings = Readonly<Record<string, string>>

/** The end of a command. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A command that runs in a process of its own. */
export interface Running {
  readonly process: ChildProcess
  /** Returns what it has written so far. */
  readonly output: () => string
  readonly ended: Promise<Ended>
}

/** A server in a process of its own. */
export interface Serving extends Running {
  readonly url: string
  /** Sends SIGTERM and waits for the end. */
  stop(): Promise<Ended>
}

/** Creates an empty folder that is removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'emberlink-command-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Creates an embedded store and its root keys, in which no root key has sealed anything yet. */
export async function createStore(settings: Settings): Promise<void> {
  const { store } = await inspectBackend(loadConfig(settings, () => ''))
  await store.close()
}

/**
 * Starts the compiled program with these settings alone. Whatever a test does to a server, each line that it writes is one
 * of its log (F37).
 * @param program Another program around the same server.
 */
export function start(args: readonly string[], settings: Settings, program = MAIN): Running {
  const { PATH = '', UV_THREADPOOL_SIZE } = process.env
  const env = { PATH, ...(UV_THREADPOOL_SIZE && { UV_THREADPOOL_SIZE }), ...settings }
  const child = spawn(process.execPath, [program, ...args], {
    env,
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const written = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written.stderr += text))
  const ended = once(child, 'close').then(([code, signal]): Ended => ({ code, signal, ...written }))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    const end = await ended
    // With options it serves for tests, or prints help.
    if (args.join() === 'serve') expect(strayLines(end), 'lines that are not of the log').toEqual([])
  })
  return { process: child, output: () => written.stdout + written.stderr, ended }
}

/** Runs the compiled program to its end. */
export function run(args: readonly string[], settings: Settings): Promise<Ended> {
  return start(args, settings).ended
}

/**
 * Starts a server on a free port and waits until it answers.
 * @param program As in `start`.
 */
export async function serve(settings: Settings, program = MAIN): Promise<Serving> {
  const port = String(await freePort())
  const running = start(['serve'], { PORT: port, ...settings }, program)
  const url = `http://127.0.0.1:${port}`
  const failed = running.ended.then(({ stdout, stderr }) => {
    throw new Error(`the server exited before it answered: ${stdout}${stderr}`)
  })
  failed.catch(() => 'from here on it may end')
  const deadline = Date.now() + START_MS
  while (!(await Promise.race([answers(url), failed]))) {
    if (Date.now() > deadline) throw new Error('the server does not answer')
    await sleep(20)
  }
  return {
    ...running,
    url,
    stop() {
      running.process.kill('SIGTERM')
      return running.ended
    },
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/health/live`).then(
    ({ ok }) => ok,
    () => false,
  )
}

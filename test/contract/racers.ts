import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { StoreHarness } from './harness.ts'

const SCRIPT = fileURLToPath(new URL('racer.mjs', import.meta.url))
/** Milliseconds between sending a race's calls and its start, so that every process has read them. */
const COUNTDOWN = 60

/** One call of a store's method, as it is sent to another process. */
export interface Call {
  readonly part: 'secrets' | 'accounts' | 'rates'
  readonly method: string
  readonly args: readonly unknown[]
}

/** Processes that hold the same store open. */
export interface Racers {
  /**
   * @param calls One list for each process.
   * @param here What this process does when the race starts.
   * @returns The answers, one list for each process.
   */
  race(calls: readonly (readonly Call[])[], here: () => Promise<void>): Promise<unknown[][]>
  stop(): Promise<void>
}

/** @returns `count` processes, each with its own connection, ready to race. */
export async function startRacers(harness: Pick<StoreHarness, 'opener'>, count: number): Promise<Racers> {
  const opener = JSON.stringify(harness.opener())
  const children = Array.from({ length: count }, () =>
    fork(SCRIPT, [opener], { serialization: 'advanced', execArgv: [] }),
  )
  await Promise.all(children.map(nextMessage))
  return {
    async race(calls, here) {
      const startAt = Date.now() + COUNTDOWN
      const answers = children.map(async (child, index) => {
        const reply = nextMessage(child)
        child.send({ startAt, calls: calls[index] ?? [] })
        const message = (await reply) as { answers?: unknown[]; failure?: string }
        if (message.answers === undefined) throw new Error(message.failure)
        return message.answers
      })
      const started = new Promise((resolve) => setTimeout(resolve, startAt - Date.now())).then(here)
      const [all] = await Promise.all([Promise.all(answers), started])
      return all
    },
    async stop() {
      await Promise.all(
        children.map(async (child) => {
          if (child.exitCode !== null) return
          const exited = once(child, 'exit')
          child.disconnect()
          await exited
        }),
      )
    },
  }
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const exit = new AbortController()
  const exited = once(child, 'exit', { signal: exit.signal }).then(([code]) => {
    throw new Error(`a racing process ended with ${code}`)
  })
  const message = once(child, 'message', { signal: exit.signal }).then(([value]) => value)
  try {
    return await Promise.race([message, exited])
  } finally {
    exit.abort()
    await Promise.allSettled([message, exited])
  }
}

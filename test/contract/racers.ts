import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { RateStore } from '../../src/limits/rates.ts'
import type { SecretStore } from '../../src/secrets/store.ts'
import type { SharedData } from './harness.ts'

const SCRIPT = fileURLToPath(new URL('racer.mjs', import.meta.url))

/** Between sending the calls of a race and its start, so that every process has read them. */
const COUNTDOWN_MS = 60

/** One call of a store's method, as it is sent to another process. */
export type Call = CallOf<'secrets', SecretStore> | CallOf<'rates', RateStore>

/** One call of a method of one part of a store. */
type CallOf<Part extends string, Contract> = {
  [Method in keyof Contract & string]: Contract[Method] extends (...args: infer Args) => Promise<unknown>
    ? { readonly part: Part; readonly method: Method; readonly args: Readonly<Args> }
    : never
}[keyof Contract & string]

/** Processes that hold the same store open. */
export interface Racers {
  /**
   * Lets every process make its calls at the same time.
   *
   * @param calls One list for each process.
   * @param here What this process does when the race starts.
   * @returns The answers, one list for each process.
   */
  race(calls: readonly (readonly Call[])[], here: () => Promise<void>): Promise<unknown[][]>
  /** Ends the processes. */
  stop(): Promise<void>
}

/** Starts `count` processes, each with a connection of its own, ready to race. */
export async function startRacers({ opener }: SharedData, count: number): Promise<Racers> {
  const openerText = JSON.stringify(opener())
  const children = Array.from({ length: count }, () =>
    fork(SCRIPT, [openerText], { serialization: 'advanced', execArgv: [] }),
  )
  await Promise.all(children.map(nextMessage))
  return {
    async race(calls, here) {
      const startAt = Date.now() + COUNTDOWN_MS
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

import type { Answer, Call } from '../proof/specification.ts'
import type { Clocks, Timed } from './clocks.ts'
import type { Counts } from './counts.ts'
import type { FaultName } from './faults.ts'
import type { Recorder } from './recorder.ts'
import type { Connections, Outcome } from './requests.ts'

/** Where requests are sent, how long they may take, and where it is written down what they were answered. */
export interface WitnessOptions {
  readonly urls: readonly string[]
  readonly connections: Connections
  /** How long a request may take. */
  readonly deadlineMs: number
  readonly counts: Counts
  readonly recorder: Recorder
  readonly clocks: Clocks
  readonly say: (line: string) => void
}

/** What is sent, and how. */
export interface Sent {
  readonly secret: number
  readonly call: Call
  /** Counts on beyond the last server. */
  readonly server: number
  readonly fault: FaultName
  readonly request: string
  readonly params?: Readonly<Record<string, string>>
  readonly network: string
  readonly cutAfterMs?: number | undefined
}

/** Sends requests, and writes each down with its answer and its times. */
export interface Witness {
  /**
   * Sends a request, and writes it down.
   *
   * @param answerIn Returns what the answer means.
   * @param ttlMs Granted to the secret that it creates.
   */
  ask(
    sent: Sent,
    answerIn: (outcome: Outcome) => Answer,
    ttlMs?: number,
  ): Promise<Timed & { readonly outcome: Outcome }>
  /** Has the secret's age written down from now on. @param created Its acknowledged creation. */
  remember(secret: number, created: Timed): void
  forget(secret: number): void
}

/** Creates the witness of a run. */
export function createWitness(options: WitnessOptions): Witness {
  const { urls, connections, deadlineMs, counts, recorder, clocks, say } = options
  const creations = new Map<number, Timed>()
  return {
    async ask(sent, answerIn, ttlMs) {
      const { secret, call, fault, request, params = {}, network, cutAfterMs } = sent
      const server = sent.server % urls.length
      const from = performance.now()
      const sending = { network, deadlineMs, cutAfterMs }
      const outcome = await connections.send(urls[server] ?? '', request, params, sending)
      const timed = { server, from, to: performance.now() }
      const answer = answerIn(outcome)
      counts.requests += 1
      if (answer === 'unclear') counts.unclear += 1
      if (outcome.kind === 'stuck') {
        counts.stuck += 1
        say(`stuck: ${request} at server ${server} in a round of ${fault}`)
      }
      const created = creations.get(secret)
      const timing = ttlMs !== undefined ? { ttl: ttlMs } : created && { age: clocks.ageOf(created, timed) }
      recorder.record({ secret, call, answer, ...timed, ...timing, fault })
      return { ...timed, outcome }
    },
    remember: (secret, created) => void creations.set(secret, created),
    forget: (secret) => void creations.delete(secret),
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { HistoryLine } from '../proof/histories/history.ts'
import type { Call } from '../proof/specification.ts'
import { answerOf, keysIn, lookIn, seenIn, stateIn } from './api.ts'
import type { Clocks, Timed } from './clocks.ts'
import type { Counts } from './counts.ts'
import type { FaultName } from './faults.ts'
import { keyFor, requestFor } from './forms.ts'
import type { Entry, Seen, Try } from './ledger.ts'
import type { PlannedClient, PlannedRound, PlannedSecret } from './plan.ts'
import type { Recorder } from './recorder.ts'
import type { Connections, Outcome } from './requests.ts'

const PAUSE_MS = 150
const TTL_S = 86_400
/** The minimum that servers grant. */
const MIN_TTL_S = 60
const AGAIN: readonly Seen[] = ['unavailable', 'unreached', 'cut']
const FINAL: readonly Seen[] = ['value', 'burned', 'unknown', 'unexpected']

/** Where clients send their requests, how long they wait, and where they write down what they saw. */
export interface ClientOptions {
  readonly urls: readonly string[]
  readonly connections: Connections
  /** How long a request may take, and how long a secret may stay undecided after all faults have ended. */
  readonly deadlineMs: number
  readonly counts: Counts
  readonly recorder: Recorder
  readonly clocks: Clocks
  readonly say: (line: string) => void
}

/** All clients of a run. */
export interface Clients {
  /** Creates a secret. @returns Undefined when that is not acknowledged. */
  create(round: PlannedRound, secret: PlannedSecret): Promise<Entry | undefined>
  /** Does what one client does, and writes it down in the entry. */
  act(entry: Entry, client: PlannedClient, fault: FaultName): Promise<void>
  /** Claims what is left when all is well, tries that once more, and reads the receipt. */
  settle(entry: Entry, fault: FaultName): Promise<void>
}

/** What is sent, and how. */
interface Sent {
  readonly secret: number
  readonly call: Call
  readonly server: number
  readonly fault: FaultName
  readonly request: string
  readonly params?: Readonly<Record<string, string>>
  readonly network?: string
  readonly cutAfterMs?: number | undefined
}

/** Creates the clients. Each has an address of its own, for the limits. */
export function createClients(options: ClientOptions): Clients {
  const { urls, connections, deadlineMs, counts, recorder, clocks, say } = options
  const births = new Map<number, Timed>()
  let known = 0
  let secrets = 0
  const newNetwork = () => {
    known += 1
    return `10.${(known >> 16) & 255}.${(known >> 8) & 255}.${known & 255}`
  }

  async function exchange(sent: Sent): Promise<Timed & { readonly outcome: Outcome }> {
    counts.requests += 1
    const { request, params = {}, network = newNetwork(), cutAfterMs } = sent
    const server = sent.server % urls.length
    const from = performance.now()
    const sending = { network, deadlineMs, cutAfterMs }
    const outcome = await connections.send(urls[server] ?? '', request, params, sending)
    const to = performance.now()
    if (outcome.kind === 'stuck') {
      counts.stuck += 1
      say(`stuck: ${request} at server ${server} in a round of ${sent.fault}`)
    }
    return { server, from, to, outcome }
  }

  function record(
    { secret, call, fault }: Sent,
    { server, from, to }: Timed,
    answer: HistoryLine['answer'],
    ttlMs?: number,
  ): void {
    if (answer === 'unclear') counts.unclear += 1
    const birth = births.get(secret)
    const timing =
      ttlMs !== undefined ? { ttl: ttlMs } : birth && { age: clocks.ageOf(birth, { server, from, to }) }
    recorder.record({ secret, call, answer, from, to, ...timing, server, fault })
  }

  async function look(sent: Sent & { readonly call: 'peek' | 'view' }): Promise<Outcome> {
    const { outcome, ...timed } = await exchange(sent)
    record(sent, timed, lookIn(outcome, sent.call))
    return outcome
  }

  async function claim(
    entry: Entry,
    how: Pick<PlannedClient, 'server' | 'cutAfterMs'> & {
      readonly action: Try['action']
      readonly fault: FaultName
      readonly network: string
    },
  ): Promise<Seen> {
    const { action, fault, cutAfterMs } = how
    const isOther = action === 'guess' && entry.passphrase === ''
    if (isOther) secrets += 1
    const call = action === 'guess' ? 'attempt' : action
    // A wrong key is that of a secret which nobody has created.
    const secret = isOther ? secrets : entry.secret
    const sent = { ...how, secret, call, ...requestFor(action, entry, how.server) } as const
    const { outcome, ...timed } = await exchange(sent)
    const seen = seenIn(outcome, action, entry.value)
    record(sent, timed, answerOf(seen))
    const disconnected = cutAfterMs !== undefined && seen === 'cut'
    const detail =
      seen === 'unexpected'
        ? { detail: JSON.stringify(outcome).replaceAll(keyFor(action, entry), 'KEY') }
        : {}
    entry.tries.push({ action, seen, sent: timed.from, ended: timed.to, fault, disconnected, ...detail })
    return seen
  }

  return {
    async create({ index, fault: { name: fault } }, { server, hasPassphrase, expires }) {
      secrets += 1
      const secret = secrets
      const value = `secret ${secret} of round ${index}`
      const passphrase = hasPassphrase ? `passphrase ${secret}` : ''
      const ttl = expires ? MIN_TTL_S : TTL_S
      const params = { secret: value, ttl: String(ttl), ...(hasPassphrase && { passphrase }) }
      const sent = { secret, call: 'create', server, fault, request: 'POST /api/v1/share', params } as const
      const { outcome, ...timed } = await exchange(sent)
      record(sent, timed, lookIn(outcome, 'create'), ttl * 1000)
      const keys = keysIn(outcome)
      if (keys === undefined) return undefined
      counts.acknowledged += 1
      births.set(secret, timed)
      return { secret, value, passphrase, ...keys, expires, round: index, created: timed.to, tries: [] }
    },
    async act(entry, { action, server, afterMs, tries, cutAfterMs }, fault) {
      await sleep(afterMs)
      if (action === 'view' || action === 'peek') {
        const request =
          action === 'view'
            ? `GET /api/v1/private/${entry.receiptKey}`
            : `GET /api/v2/guest/secret/${entry.secretKey}`
        await look({ secret: entry.secret, call: action, server, fault, request })
        return
      }
      const network = newNetwork()
      for (let attempt = 0; attempt < tries; attempt += 1) {
        const seen = await claim(entry, { action, server: server + attempt, cutAfterMs, fault, network })
        if (cutAfterMs !== undefined || !AGAIN.includes(seen)) return
        await sleep(PAUSE_MS)
      }
    },
    async settle(entry, fault) {
      const until = performance.now() + deadlineMs
      const { secret, round, receiptKey } = entry
      for (let attempt = 0; performance.now() < until; attempt += 1) {
        // The receipt's holder may burn what has been tried too often.
        const action = attempt % 4 === 3 ? 'burn' : 'reveal'
        const how = {
          action,
          server: round + attempt,
          cutAfterMs: undefined,
          fault,
          network: newNetwork(),
        } as const
        const seen = await claim(entry, how)
        if (seen === 'value' || seen === 'burned') await claim(entry, { ...how, server: how.server + 1 })
        if (FINAL.includes(seen)) break
        await sleep(PAUSE_MS)
      }
      while (entry.state === undefined && performance.now() < until) {
        const request = `GET /api/v1/private/${receiptKey}`
        entry.state = stateIn(await look({ secret, call: 'view', server: round, fault, request }))
      }
      births.delete(secret)
    },
  }
}

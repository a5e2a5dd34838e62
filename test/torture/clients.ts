import { setTimeout as sleep } from 'node:timers/promises'
import { keysIn, seenIn, stateIn } from './api.ts'
import type { Counts } from './counts.ts'
import type { FaultName } from './faults.ts'
import type { Entry, Seen, Try } from './ledger.ts'
import type { PlannedClient, PlannedRound } from './plan.ts'
import { type Outcome, send } from './requests.ts'

const PAUSE_MS = 150
const TTL = '86400'
const AGAIN: readonly Seen[] = ['unavailable', 'unreached', 'cut']
const FINAL: readonly Seen[] = ['value', 'burned', 'unknown', 'unexpected']

/** Where clients send their requests, and how long they wait. */
export interface ClientOptions {
  readonly urls: readonly string[]
  /** How long a request may take, and how long a secret may stay undecided after all faults have ended. */
  readonly deadlineMs: number
  readonly counts: Counts
  readonly say: (line: string) => void
}

/** All clients of a run. */
export interface Clients {
  /** Creates a secret. @returns Undefined when that is not acknowledged. */
  create(round: PlannedRound, server: number, locked: boolean): Promise<Entry | undefined>
  /** Does what one client does, and writes it down in the entry. */
  act(entry: Entry, client: PlannedClient, fault: FaultName): Promise<void>
  /** Claims what is left when all is well, and reads the receipt. */
  settle(entry: Entry, fault: FaultName): Promise<void>
}

/** Creates the clients. Each has an address of its own, for the limits. */
export function createClients({ urls, deadlineMs, counts, say }: ClientOptions): Clients {
  let known = 0
  let secrets = 0
  const newNetwork = () => {
    known += 1
    return `10.${(known >> 16) & 255}.${(known >> 8) & 255}.${known & 255}`
  }

  async function request(
    fault: FaultName,
    server: number,
    what: string,
    params: Readonly<Record<string, string>> = {},
    from: { readonly network?: string; readonly cutAfterMs?: number | undefined } = {},
  ): Promise<Outcome> {
    counts.requests += 1
    const url = urls[server % urls.length] ?? ''
    const outcome = await send(url, what, params, { network: newNetwork(), deadlineMs, ...from })
    if (outcome.kind === 'stuck') {
      counts.stuck += 1
      say(`stuck: ${what} at server ${server % urls.length} in a round of ${fault}`)
    }
    return outcome
  }

  async function claim(
    entry: Entry,
    {
      action,
      server,
      cutAfterMs,
      fault,
      network,
    }: Pick<PlannedClient, 'action' | 'server' | 'cutAfterMs'> & {
      readonly action: Try['action']
      readonly fault: FaultName
      readonly network: string
    },
  ): Promise<Seen> {
    const { secretKey, receiptKey, passphrase, value } = entry
    const path = action === 'burn' ? `private/${receiptKey}/burn` : `secret/${keyFor(action, entry)}`
    const sentPassphrase = action === 'guess' && passphrase !== '' ? `not ${passphrase}` : passphrase
    const sent = performance.now()
    const params = sentPassphrase === '' ? {} : { passphrase: sentPassphrase }
    const outcome = await request(fault, server, `POST /api/v1/${path}`, params, { network, cutAfterMs })
    const seen = seenIn(outcome, action, value)
    const hungUp = cutAfterMs !== undefined && seen === 'cut'
    const detail =
      seen === 'unexpected' ? { detail: JSON.stringify(outcome).replaceAll(secretKey, 'KEY') } : {}
    entry.tries.push({ action, seen, sent, ended: performance.now(), fault, hungUp, ...detail })
    return seen
  }

  return {
    async create(round, server, locked) {
      secrets += 1
      const value = `secret ${secrets} of round ${round.index}`
      const passphrase = locked ? `passphrase ${secrets}` : ''
      const params = { secret: value, ttl: TTL, ...(locked && { passphrase }) }
      const keys = keysIn(await request(round.fault.name, server, 'POST /api/v1/share', params))
      if (keys === undefined) return undefined
      counts.acknowledged += 1
      return { value, passphrase, ...keys, round: round.index, tries: [] }
    },
    async act(entry, { action, server, afterMs, tries, cutAfterMs }, fault) {
      await sleep(afterMs)
      if (action === 'view') {
        await request(fault, server, `GET /api/v1/private/${entry.receiptKey}`)
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
      for (let attempt = 0; performance.now() < until; attempt += 1) {
        // The receipt's holder may burn what has been tried too often.
        const action = attempt % 4 === 3 ? 'burn' : 'reveal'
        const how = { action, server: attempt, cutAfterMs: undefined, fault, network: newNetwork() } as const
        if (FINAL.includes(await claim(entry, how))) break
        await sleep(PAUSE_MS)
      }
      while (entry.state === undefined && performance.now() < until) {
        entry.state = stateIn(await request(fault, entry.round, `GET /api/v1/private/${entry.receiptKey}`))
      }
    },
  }
}

/** A guess at a secret without a passphrase has one character of its key wrong. */
function keyFor(action: Try['action'], { secretKey, passphrase }: Entry): string {
  if (action !== 'guess' || passphrase !== '') return secretKey
  return secretKey.slice(0, -1) + (secretKey.endsWith('a') ? 'b' : 'a')
}

import { setTimeout as sleep } from 'node:timers/promises'
import { answerOf, keysIn, lookIn, seenIn, stateIn } from './api.ts'
import type { Counts } from './counts.ts'
import type { FaultName } from './faults.ts'
import { keyFor, requestFor } from './forms.ts'
import type { Entry, Seen, Try } from './ledger.ts'
import type { PlannedClient, PlannedRound, PlannedSecret } from './plan.ts'
import type { Outcome } from './requests.ts'
import type { Sent, Witness } from './witness.ts'

const PAUSE_MS = 150
const TTL_S = 86_400
/** The minimum that servers grant. */
const MIN_TTL_S = 60
const AGAIN: readonly Seen[] = ['unavailable', 'unreached', 'cut']
const FINAL: readonly Seen[] = ['value', 'burned', 'unknown', 'unexpected']

/** How clients go about it. */
export interface ClientOptions {
  readonly witness: Witness
  /** How long a secret may stay undecided after all faults have ended. */
  readonly deadlineMs: number
  readonly counts: Counts
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

/** Creates the clients. Each has an address of its own, for the limits. */
export function createClients({ witness, deadlineMs, counts }: ClientOptions): Clients {
  let networks = 0
  let secrets = 0
  const newNetwork = () => {
    networks += 1
    return `10.${(networks >> 16) & 255}.${(networks >> 8) & 255}.${networks & 255}`
  }

  async function look(
    entry: Entry,
    { call, server, fault }: Pick<Sent, 'server' | 'fault'> & { readonly call: 'peek' | 'view' },
  ): Promise<Outcome> {
    const request =
      call === 'view'
        ? `GET /api/v1/private/${entry.receiptKey}`
        : `GET /api/v2/guest/secret/${entry.secretKey}`
    const sent = { secret: entry.secret, call, server, fault, request, network: newNetwork() }
    return (await witness.ask(sent, (outcome) => lookIn(outcome, call))).outcome
  }

  async function claim(
    entry: Entry,
    how: Pick<Sent, 'server' | 'fault' | 'network' | 'cutAfterMs'> & { readonly action: Try['action'] },
  ): Promise<Seen> {
    const { action, fault, cutAfterMs } = how
    const isOther = action === 'guess' && entry.passphrase === ''
    if (isOther) secrets += 1
    const call = action === 'guess' ? 'attempt' : action
    // A wrong key is that of a secret which nobody has created.
    const secret = isOther ? secrets : entry.secret
    const sent = { ...how, secret, call, ...requestFor(action, entry, how.server) } as const
    const seenOf = (outcome: Outcome) => seenIn(outcome, action, entry.value)
    const { outcome, from, to } = await witness.ask(sent, (outcome) => answerOf(seenOf(outcome)))
    const seen = seenOf(outcome)
    const disconnected = cutAfterMs !== undefined && seen === 'cut'
    const detail =
      seen === 'unexpected'
        ? { detail: JSON.stringify(outcome).replaceAll(keyFor(action, entry), 'KEY') }
        : {}
    entry.tries.push({ action, seen, sent: from, ended: to, fault, disconnected, ...detail })
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
      const request = 'POST /api/v1/share'
      const sent = { secret, call: 'create', server, fault, request, params, network: newNetwork() } as const
      const { outcome, ...timed } = await witness.ask(
        sent,
        (answered) => lookIn(answered, 'create'),
        ttl * 1000,
      )
      const keys = keysIn(outcome)
      if (keys === undefined) return undefined
      counts.acknowledged += 1
      witness.remember(secret, timed)
      return { secret, value, passphrase, ...keys, expires, round: index, created: timed.to, tries: [] }
    },
    async act(entry, { action, server, afterMs, tries, cutAfterMs }, fault) {
      await sleep(afterMs)
      if (action === 'view' || action === 'peek') {
        await look(entry, { call: action, server, fault })
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
      const { secret, round } = entry
      for (let attempt = 0; performance.now() < until; attempt += 1) {
        // The receipt's holder may burn what has been tried too often.
        const action = attempt % 4 === 3 ? 'burn' : 'reveal'
        const how = { action, server: round + attempt, fault, network: newNetwork() } as const
        const seen = await claim(entry, how)
        if (seen === 'value' || seen === 'burned') await claim(entry, { ...how, server: how.server + 1 })
        if (FINAL.includes(seen)) break
        await sleep(PAUSE_MS)
      }
      while (entry.state === undefined && performance.now() < until) {
        entry.state = stateIn(await look(entry, { call: 'view', server: round, fault }))
      }
      witness.forget(secret)
    },
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { type ClientOptions, createClients } from './clients.ts'
import { type Counts, isFailure, noCounts } from './counts.ts'
import type { Deployment } from './deployment.ts'
import type { FaultName, StoreName } from './faults.ts'
import { type Entry, judge } from './ledger.ts'
import { type PlannedRound, type PlannedSecret, planRound } from './plan.ts'
import { send } from './requests.ts'

const PAUSE_MS = 50
/** How long a probe waits: one that was handed to a dying process is no sign of the others. */
const PROBE_MS = 3000
/** After how many rounds a sleeping secret is claimed. */
const SLEEP_ROUNDS = 4

/** How a run goes. */
export interface RunOptions extends Pick<ClientOptions, 'deadlineMs' | 'say'> {
  readonly store: StoreName
  readonly seed: number
  /** Whether another round follows the given number of them. */
  readonly goesOn: (rounds: number) => boolean
}

/** Plays rounds on a deployment, each with its races and its fault, and counts what became of every secret. */
export async function torture(deployment: Deployment, options: RunOptions): Promise<Counts> {
  const { deadlineMs, say, store, seed, goesOn } = options
  const counts = noCounts()
  const { urls } = deployment
  const clients = createClients({ urls, deadlineMs, counts, say })
  const sleeping: Entry[] = []

  /** Lets the clients of a secret race. @returns It, if it is to be settled in this round. */
  async function race(
    secret: PlannedSecret,
    round: PlannedRound,
    entry: Entry | undefined,
  ): Promise<Entry | undefined> {
    if (entry === undefined) return undefined
    await Promise.all(secret.clients.map((client) => clients.act(entry, client, round.fault.name)))
    if (!secret.sleeps) return entry
    sleeping.push(entry)
    return undefined
  }

  async function strike({ fault }: PlannedRound): Promise<void> {
    await sleep(fault.afterMs)
    for (const { count, text } of await deployment.inject(fault)) {
      counts[count] += 1
      say(`${count}: ${text}`)
    }
    const ready = await Promise.all(urls.map((url) => becomesReady(url, deadlineMs)))
    for (const [server, isReady] of ready.entries()) {
      if (isReady) continue
      counts.stuck += 1
      say(`stuck: server ${server} is not ready ${deadlineMs} ms after ${fault.name}`)
    }
  }

  async function settle(entries: readonly Entry[], fault: FaultName): Promise<void> {
    await Promise.all(entries.map((entry) => clients.settle(entry, fault)))
    for (const entry of entries) {
      const verdict = judge(entry)
      counts[verdict] += 1
      if (isFailure(verdict)) say(`${verdict}: ${historyOf(entry)}`)
    }
  }

  for (let index = 0; goesOn(index); index += 1) {
    const round = planRound(seed, store, index)
    const create = ({ server, locked }: PlannedSecret) => clients.create(round, server, locked)
    const [early, late] = [true, false].map((is) =>
      round.secrets.filter(({ afterMs }) => (afterMs === 0) === is),
    ) as [PlannedSecret[], PlannedSecret[]]
    const created = await Promise.all(early.map(create))
    const [entries] = await Promise.all([
      Promise.all([
        ...early.map((secret, at) => race(secret, round, created[at])),
        ...late.map(async (secret) => {
          await sleep(secret.afterMs)
          return race(secret, round, await create(secret))
        }),
      ]),
      strike(round),
    ])
    counts.rounds += 1
    const rested = sleeping.filter((entry) => entry.round <= index - SLEEP_ROUNDS)
    sleeping.splice(0, sleeping.length, ...sleeping.filter((entry) => !rested.includes(entry)))
    await settle([...entries.filter((entry) => entry !== undefined), ...rested], round.fault.name)
  }
  await settle(sleeping, 'none')
  return counts
}

async function becomesReady(url: string, deadlineMs: number): Promise<boolean> {
  const until = performance.now() + deadlineMs
  while (performance.now() < until) {
    const outcome = await send(url, 'GET /health/ready', {}, { network: '10.0.0.0', deadlineMs: PROBE_MS })
    if (outcome.kind === 'answer' && outcome.status === 200) return true
    await sleep(PAUSE_MS)
  }
  return false
}

function historyOf({ value, passphrase, state, tries }: Entry): string {
  const from = Math.min(...tries.map(({ sent }) => sent))
  const lines = tries
    .toSorted((a, b) => a.sent - b.sent)
    .map((one) => {
      const [sent, ended] = [one.sent - from, one.ended - from].map(Math.round)
      return `  ${sent}-${ended} ms, ${one.fault}: ${one.action} ${one.seen}${one.hungUp ? ' (hung up)' : ''} ${one.detail ?? ''}`
    })
  return [`${value}${passphrase && ' with a passphrase'}, its receipt says ${state}`, ...lines].join('\n')
}

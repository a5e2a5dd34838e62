import { setTimeout as sleep } from 'node:timers/promises'
import { createClients } from './clients.ts'
import { type Counts, isFailure, noCounts } from './counts.ts'
import type { Deployment } from './deployment.ts'
import type { FaultName } from './faults.ts'
import { type Entry, judge } from './ledger.ts'
import {
  type PlannedClient,
  type PlannedRound,
  type PlannedSecret,
  type PlanOptions,
  planRound,
  planWave,
} from './plan.ts'
import { becomesReady } from './readiness.ts'
import { createConnections } from './requests.ts'
import { createSleepers } from './sleepers.ts'
import { createWitness, type WitnessOptions } from './witness.ts'

/** How many secrets are settled at once. */
const SETTLED_AT_ONCE = 100
/** Minimum time from one wave to the next, however quickly a broken store refuses. */
const MIN_WAVE_MS = 300

/** How a run goes. */
export interface RunOptions extends Pick<WitnessOptions, 'deadlineMs' | 'say' | 'recorder'>, PlanOptions {
  /** Whether another round follows. */
  readonly goesOn: (counts: Readonly<Counts>) => boolean
}

/** Plays rounds on a deployment, each with its races and its fault, and counts what became of every secret. */
export async function torture(deployment: Deployment, options: RunOptions): Promise<Counts> {
  const { store, deadlineMs, say, goesOn } = options
  const counts = noCounts()
  const { urls, clocks } = deployment
  const connections = createConnections()
  const witness = createWitness({ ...options, urls, clocks, connections, counts })
  const clients = createClients({ witness, deadlineMs, counts })
  const sleepers = createSleepers()

  async function race(entry: Entry, racers: readonly PlannedClient[], fault: FaultName): Promise<Entry> {
    await Promise.all(racers.map((client) => clients.act(entry, client, fault)))
    return entry
  }

  /** Creates a secret and lets its clients race. @returns It, if it is to be settled in this round. */
  async function play(secret: PlannedSecret, round: PlannedRound, early?: Entry): Promise<Entry[]> {
    await sleep(secret.afterMs)
    const entry = early ?? (await clients.create(round, secret))
    if (entry === undefined) return []
    await race(entry, secret.clients, round.fault.name)
    if (!secret.sleeps) return [entry]
    sleepers.add(entry)
    return []
  }

  async function playWave(round: PlannedRound, wave: number): Promise<Entry[]> {
    const { secrets, wakers } = planWave(options, round.index, wave)
    const woken = sleepers.take(wakers.length, round.index)
    const [played] = await Promise.all([
      Promise.all([
        ...secrets.map((secret) => play(secret, round)),
        ...woken.map(async (entry, at) => [await race(entry, wakers[at] ?? [], round.fault.name)]),
      ]),
      sleep(MIN_WAVE_MS),
    ])
    return played.flat()
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
    const left = [...entries]
    const settleNext = async () => {
      for (let entry = left.pop(); entry !== undefined; entry = left.pop()) await clients.settle(entry, fault)
    }
    await Promise.all(Array.from({ length: SETTLED_AT_ONCE }, settleNext))
    for (const entry of entries) {
      const verdict = judge(entry, store)
      counts[verdict] += 1
      if (isFailure(verdict)) say(`${verdict}: ${historyOf(entry)}`)
    }
  }

  async function playRound(round: PlannedRound): Promise<Entry[]> {
    const early = round.secrets.filter(({ afterMs }) => afterMs === 0)
    const created = await Promise.all(early.map((secret) => clients.create(round, secret)))
    let isOver = false
    const over = strike(round).finally(() => {
      isOver = true
    })
    const raced = await Promise.all(
      round.secrets.map((secret) => {
        const at = early.indexOf(secret)
        return at !== -1 && created[at] === undefined ? [] : play(secret, round, created[at])
      }),
    )
    for (let wave = 1; !isOver; wave += 1) raced.push(await playWave(round, wave))
    await over
    return raced.flat()
  }

  try {
    for (let index = 0; goesOn(counts); index += 1) {
      const round = planRound(options, index)
      const entries = await playRound(round)
      counts.rounds += 1
      await settle([...entries, ...sleepers.rested(index)], round.fault.name)
    }
    await settle(sleepers.all(), 'none')
  } finally {
    connections.close()
  }
  return counts
}

function historyOf({ value, passphrase, state, tries }: Entry): string {
  const from = Math.min(...tries.map(({ sent }) => sent))
  const lines = tries
    .toSorted((a, b) => a.sent - b.sent)
    .map((one) => {
      const [sent, ended] = [one.sent - from, one.ended - from].map(Math.round)
      return `  ${sent}-${ended} ms, ${one.fault}: ${one.action} ${one.seen}${one.disconnected ? ' (disconnected)' : ''} ${one.detail ?? ''}`
    })
  return [`${value}${passphrase && ' with a passphrase'}, its receipt says ${state}`, ...lines].join('\n')
}

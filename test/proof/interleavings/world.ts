import { DomainError } from '../../../src/errors.ts'
import type { KeyPair } from '../../../src/secrets/keys.ts'
import { type RecordPair, secretExpiry } from '../../../src/secrets/records.ts'
import { createTurns, type Turns } from '../../../src/secrets/turns.ts'
import type { Store } from '../../../src/store/store.ts'
import { type Milliseconds, seconds } from '../../../src/time.ts'
import { Memory, openMemoryStore } from '../../contract/memory.ts'
import { errorAnswer } from './answers.ts'
import { behaviourOf } from './behaviours.ts'
import type { Choice, Reduction, TickChoice } from './choice.ts'
import { Client } from './client.ts'
import { handFor } from './hand.ts'
import type { ParkedStep, StepCall } from './parked.ts'
import { type Sample, START } from './sample.ts'
import type { Fault, Scenario } from './scenario.ts'
import { isClaim, keptIn, Watch } from './watch.ts'

/**
 * One interleaving under way: clients on the real use cases, each of whose steps waits until it is chosen. The same choices lead
 * to the same world.
 */
export class World {
  readonly scenario: Scenario
  readonly reduction: Reduction
  readonly clients: readonly Client[]
  readonly memory = new Memory()
  readonly store: Store = openMemoryStore(this.memory)
  /** The calls that the store has done, in their order. */
  readonly calls: StepCall[] = []
  /** What happened, to be read. */
  readonly trace: string[] = []
  readonly watch: Watch
  /** The passphrase attempts that wait for each other on each server, in their order. */
  readonly queues = new Map<string, Client[]>()
  keys: KeyPair | undefined
  initial: RecordPair | undefined
  now: Milliseconds = START
  faults = 0
  ticks = 0
  readonly #turns = new Map<string, Turns>()

  /** Begins an interleaving, in which nobody has done anything yet. @param sample The secret, unless a client creates it. */
  constructor(scenario: Scenario, sample: Sample, reduction: Reduction) {
    this.scenario = scenario
    this.reduction = reduction
    this.clients = scenario.clients.map((plan, index) => new Client(plan, index))
    const isCreatedMeanwhile = scenario.clients.some(({ kind }) => kind === 'sender')
    this.watch = new Watch(isCreatedMeanwhile ? 'none' : 'available', scenario.limit)
    if (isCreatedMeanwhile) return
    const { id, ...pair } = sample.pair
    this.memory.pairs.set(id, pair)
    this.initial = pair
    this.keys = sample.keys
  }

  /** Whether time may still move. */
  get mayTick(): boolean {
    return this.ticks < (this.scenario.ticks?.length ?? 0)
  }

  /**
   * Whether starting is a choice of its own, as time or other clients of the server may come between it and the first step.
   * Otherwise a client starts right before its first step, which is the latest and so the strictest.
   */
  startsApart({ plan }: Client): boolean {
    return plan.server !== undefined || (this.mayTick && this.reduction !== 'known states and equal choices')
  }

  /** Whether the secret has reached its ttl. */
  get isExpired(): boolean {
    const [pair] = this.memory.pairs.values()
    return pair !== undefined && this.now >= secretExpiry(pair.receipt)
  }

  /** Does what was chosen, and lets every client go on as far as it can. */
  async take(choice: Choice): Promise<void> {
    if (choice.kind === 'tick') return this.#tick(choice)
    const client = this.#clientAt(choice.index)
    if (client.phase === 'idle') {
      const isAll = this.startsApart(client)
      this.#start(client)
      await settled()
      if (isAll) return
    }
    await this.#next(client, choice.fault)
    await settled()
  }

  #clientAt(index: number): Client {
    const client = this.clients[index]
    if (client === undefined) throw new Error(`there is no client ${index}`)
    return client
  }

  async #tick({ first }: TickChoice): Promise<void> {
    for (const client of first.map((index) => this.#clientAt(index))) {
      if (client.phase === 'idle') this.#start(client)
      else await this.#next(client, undefined)
      await settled()
    }
    this.now = this.scenario.ticks?.[this.ticks] ?? this.now
    this.ticks += 1
    this.trace.push('time moves on')
    if (this.isExpired) this.watch.explanations.expire()
  }

  #start(client: Client): void {
    client.phase = 'started'
    this.watch.begin(client)
    const turns = this.#turns.get(client.server) ?? createTurns()
    this.#turns.set(client.server, turns)
    void behaviourOf(client.plan.kind)
      .run(handFor(this, client, turns))
      .catch((error) => {
        client.error = error
        return errorAnswer(error)
      })
      .then((answer) => {
        client.answer = answer
        client.phase = 'finished'
        this.watch.end(client)
      })
  }

  async #next(client: Client, fault: Fault | undefined): Promise<void> {
    const step = client.parked
    if (step === undefined) return
    client.parked = undefined
    if (fault !== undefined) this.faults += 1
    const isDone = fault !== 'request lost' && fault !== 'crash'
    if (fault === 'disconnect') client.isConnected = false
    const before = keptIn(this.memory)
    const result = isDone ? await outcomeOf(step) : undefined
    const after = keptIn(this.memory)
    if (isDone) this.calls.push(step)
    const heard = isDone && fault !== 'answer lost' && fault !== 'crash after'
    const { name, at } = step
    const taken = { name, at, fault, answer: result?.answer, heard, claimed: isClaim(before, after) }
    client.taken.push(taken)
    this.trace.push(`${client.plan.kind} ${client.index}: ${name}${fault === undefined ? '' : `, ${fault}`}`)
    this.watch.step(client, taken, before, after)
    if (this.isExpired) this.watch.explanations.expire()
    if (fault === 'crash' || fault === 'crash after') return this.#crash(client.server)
    if (!heard) step.reject(lossOf(step))
    else if (result?.error !== undefined) step.reject(result.error)
    else step.resolve(result?.answer)
  }

  #crash(server: string): void {
    this.queues.delete(server)
    this.#turns.delete(server)
    for (const client of this.clients) {
      if (client.server !== server || client.phase !== 'started') continue
      client.phase = 'crashed'
      client.parked = undefined
      this.watch.end(client)
    }
  }
}

async function outcomeOf(step: ParkedStep): Promise<{ readonly answer: unknown; readonly error?: unknown }> {
  try {
    return { answer: await step.execute() }
  } catch (error) {
    return { answer: String(error), error }
  }
}

function lossOf({ name }: ParkedStep): DomainError {
  return name === 'hash'
    ? new DomainError('overloaded', { retryAfter: seconds(2) })
    : new DomainError('store_unavailable')
}

/** Resolves when all code that can go on has gone on: nothing here waits for anything but promises. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

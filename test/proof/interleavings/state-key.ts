import { hash } from 'node:crypto'
import { type Attempts, attemptFrom } from '../../../src/secrets/attempts.ts'
import type { Client } from './client.ts'
import { RING } from './sample.ts'
import type { World } from './world.ts'

const networks = new Map<string, string>()

/**
 * Returns a key of all that decides what can still happen and how it is judged. Worlds with the same key have the same future.
 *
 * The code of a client that has started is a function of the answers that it has heard and of when its steps began, so these
 * stand for where the code is. Of one that is done, nothing counts but what the watch keeps in mind. Clients of one kind are
 * interchangeable, and are listed in the order of what happened to them.
 */
export function stateKey(world: World): string {
  const names = new Map<Buffer, number>()
  const { memory } = world
  const attempts = [...memory.attempts.received.values(), ...memory.attempts.burned.values()]
  // Each of them holds one value at most, as there is one secret, one account and one rate limit.
  const stored = [memory.pairs, memory.recent, memory.windows].map((map: Map<string, unknown>) => [
    ...map.values(),
  ])
  const counted = attempts.map(({ byNetwork: _, ...together }) => together)
  const shared = [world.ticks, world.faults, world.keys !== undefined, stored, counted]
  const described = world.clients
    .filter(({ phase }) => phase === 'idle' || phase === 'started')
    .map((client) => ({ client, text: canonical(describe(client, attempts), names) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
  const places = new Map(described.map(({ client: { index } }, place) => [index, place]))
  const nameOf = (index: number) => String(places.get(index) ?? world.clients[index]?.plan.kind)
  const queues = [...world.queues].map(([, queue]) => queue.map(({ index }) => places.get(index)).join(''))
  const texts = described.map(({ text }) => text)
  const all = [canonical(shared, names), world.watch.describe(nameOf), ...texts, ...queues]
  return hash('sha1', all.join('\n'), 'base64')
}

function describe(client: Client, attempts: readonly Attempts[]): unknown[] {
  const { plan, server, network, isConnected, parked, taken } = client
  const place = [plan.server === undefined ? '' : server, plan.network === undefined ? '' : network]
  const hashed = hashOf(network)
  const own = attempts.map(({ byNetwork }) => byNetwork[hashed])
  const steps = taken.map(({ name, at, claimed, fault, heard, answer }) => [
    name,
    at,
    claimed && [fault],
    heard && [answer],
  ])
  return [plan.kind, ...place, own, isConnected, steps, parked?.name, parked?.at, client.phase]
}

function hashOf(network: string): string {
  const hashed = networks.get(network) ?? attemptFrom(RING, network).network
  networks.set(network, hashed)
  return hashed
}

/** Writes a value so that equal ones have one text, whatever random bytes are in them. */
function canonical(value: unknown, names: Map<Buffer, number>): string {
  if (typeof value !== 'object' || value === null) return String(value)
  if (Buffer.isBuffer(value)) {
    const name = names.get(value) ?? names.size
    names.set(value, name)
    return `#${name}`
  }
  let text = ''
  if (Array.isArray(value)) {
    for (const each of value) text += `${canonical(each, names)},`
    return `[${text}]`
  }
  const record = value as Readonly<Record<string, unknown>>
  for (const field of Object.keys(value).sort()) text += `${field}:${canonical(record[field], names)},`
  return `{${text}}`
}

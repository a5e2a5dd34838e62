import { behaviourOf } from './behaviours.ts'
import type { Choice } from './choice.ts'
import type { Client } from './client.ts'
import { isLocal, isReading } from './parked.ts'
import { type Fault, SERVER_FAULTS } from './scenario.ts'
import type { World } from './world.ts'

const ALL: readonly Fault[] = [...SERVER_FAULTS, 'disconnect']

/** One way to go on, and how many ways are the same but for the names of the clients. */
export interface Way {
  readonly choice: Choice
  readonly alike: number
}

/**
 * Returns how an interleaving can go on; nothing when no client can.
 *
 * Where equal choices are left out, what cannot be told apart is tried once:
 *
 * - A step that touches nothing shared comes at once: whatever other clients do first, it does the same, and so do they after it.
 *   On a shared server it does not, as the others may bring that down meanwhile.
 * - While time may move, the step after a hash reads the clock. Then a hash comes right before that step, or right before time
 *   moves. So does the start of a client.
 * - Of clients of one kind that have not started, the first starts.
 */
export function waysOf(world: World): Way[] {
  const isReduced = world.reduction === 'known states and equal choices'
  const first = isReduced ? world.clients.find((client) => isFirst(client, world)) : undefined
  const clients = first === undefined ? world.clients : [first]
  const ways = clients.flatMap((client) => {
    const equals = isReduced ? equalsOf(client, world) : [client]
    if (equals[0] !== client) return []
    return waysFor(client, world).map((choice) => ({ choice, alike: equals.length }))
  })
  if (ways.length === 0 || first !== undefined || !world.mayTick) return ways
  return [...ways, ...ticksFor(world).map((choice) => ({ choice, alike: 1 }))]
}

function isFirst(client: Client, { mayTick }: World): boolean {
  const { parked, plan, taken } = client
  if (parked === undefined || plan.server !== undefined) return false
  if (parked.name === 'hash') return !mayTick
  return isLocal(parked) || (mayTick && taken.at(-1)?.name === 'hash')
}

function ticksFor(world: World): Choice[] {
  if (world.reduction !== 'known states and equal choices') return [{ kind: 'tick', first: [] }]
  const able = world.clients.filter(
    ({ phase, parked, plan }) =>
      parked?.name === 'hash' || (phase === 'idle' && (world.keys !== undefined || plan.kind === 'sender')),
  )
  return able
    .reduce<number[][]>((sets, { index }) => sets.flatMap((set) => [set, [...set, index]]), [[]])
    .map((first) => ({ kind: 'tick', first }))
}

function equalsOf(client: Client, { clients }: World): Client[] {
  if (client.phase !== 'idle' || isSpecial(client)) return [client]
  return clients.filter(
    (other) => other.phase === 'idle' && other.plan.kind === client.plan.kind && !isSpecial(other),
  )
}

function isSpecial({ plan }: Client): boolean {
  return plan.server !== undefined || plan.network !== undefined
}

function waysFor(client: Client, world: World): Choice[] {
  const plain: Choice = { kind: 'client', index: client.index }
  const isIdle = client.phase === 'idle'
  if (isIdle && world.keys === undefined && client.plan.kind !== 'sender') return []
  if (isIdle && world.startsApart(client)) return [plain]
  if (!isIdle && client.parked === undefined) return []
  if (world.faults >= world.scenario.faults) return [plain]
  return [plain, ...faultsFor(client, world.scenario.kinds).map((fault) => ({ ...plain, fault }))]
}

function faultsFor(client: Client, kinds: readonly Fault[] = ALL): readonly Fault[] {
  const { isConnected, parked, phase, plan } = client
  return kinds.filter((fault) => {
    if (fault === 'disconnect') return isConnected && behaviourOf(plan.kind).claims === true
    // A server that crashes before the first step of its client has done nothing, as if the client had never come.
    if (fault === 'crash') return phase !== 'idle'
    const isLate = fault === 'answer lost' || fault === 'crash after'
    return !(isLate && parked !== undefined && isReading(parked))
  })
}

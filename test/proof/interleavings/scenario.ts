import type { RecordPair } from '../../../src/secrets/records.ts'
import type { SecretStore } from '../../../src/secrets/store.ts'
import type { Milliseconds } from '../../../src/time.ts'
import type { Memory } from '../../contract/memory.ts'
import type { ClientKind } from './behaviours.ts'
import type { Park } from './parked.ts'

/** What may go wrong while a store step is under way. */
export type Fault =
  /** The store never gets the request, and the server hears of an error. */
  | 'request lost'
  /** The store does the step, and the server hears of an error. */
  | 'answer lost'
  /** The server ends before the store gets the request. */
  | 'crash'
  /** The server ends after the store has done the step. */
  | 'crash after'
  /** The client disconnects, which its server knows before its next step. */
  | 'disconnect'

/** The faults of stores and servers, not of clients. */
export const SERVER_FAULTS: readonly Fault[] = ['request lost', 'answer lost', 'crash', 'crash after']

/** One client, and how it gets to the store. */
export interface ClientPlan {
  readonly kind: ClientKind
  /** Clients with the same number share a server process, and so its queues. By default, each has its own. */
  readonly server?: number
  /** The client network. By default, each has its own. */
  readonly network?: string
}

/** What a broken store is made of. */
export interface BrokenParts {
  /** The store, each of whose methods is a step. */
  readonly store: SecretStore
  /** What it keeps. */
  readonly memory: Memory
  /** What it kept at the beginning; undefined if the secret is created meanwhile. */
  readonly initial: RecordPair | undefined
  /** Makes a step of anything else. */
  readonly park: Park
}

/** Breaks some methods of the store that one client works with. */
export type Break = (parts: BrokenParts) => Partial<SecretStore>

/** What is tried in every order. */
export interface Scenario {
  readonly clients: readonly ClientPlan[]
  /** Whether the secret has a passphrase. */
  readonly secret: 'plain' | 'protected'
  /** Maximum number of faults in one interleaving. */
  readonly faults: number
  /** Which faults; all by default. */
  readonly kinds?: readonly Fault[]
  /** When time may move on to, in this order. Every step of a client reads the clock when it begins, not when the store does it. */
  readonly ticks?: readonly Milliseconds[]
  /** The number of requests that all clients together may make. By default, there is no limit. */
  readonly limit?: number
  /** What is broken on purpose. */
  readonly broken?: Break
}

/** Returns what a scenario is called. */
export function titleOf({ clients, secret, faults, ticks = [], limit }: Scenario): string {
  const kinds = clients.map(({ kind, server, network }) =>
    server === undefined && network === undefined ? kind : `${kind} (server ${server}, network ${network})`,
  )
  const limited = limit === undefined ? '' : `, ${limit} requests allowed`
  const time = ticks.length === 0 ? '' : ', time moving'
  return `${secret} secret, ${kinds.join(' + ')}, at most ${faults} ${faults === 1 ? 'fault' : 'faults'}${limited}${time}`
}

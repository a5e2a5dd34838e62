import type { ClientKind } from './behaviours.ts'
import { castsOf } from './casts.ts'
import { EXPIRY } from './sample.ts'
import { type Scenario, SERVER_FAULTS } from './scenario.ts'

/** How large the scenarios of one enumeration are. */
export interface Size {
  readonly clients: number
  readonly faults: number
}

/**
 * Returns all scenarios of up to so many clients with up to so many faults. Where more is open than the order of steps and
 * faults of the store and the servers, the largest casts have fewer faults.
 */
export function catalogueOf({ clients, faults }: Size): Scenario[] {
  const counts = Array.from({ length: clients }, (_, index) => index + 1)
  const few = (count: number, maximum: number) => (count < clients ? faults : Math.min(faults, maximum))
  return [
    ...counts.flatMap((count) => standing(count, faults)),
    ...counts.flatMap((count) => created(count, few(count, 1))),
    ...counts.flatMap((count) => limited(count, few(count, 1))),
    ...counts.flatMap((count) => leaving(count, few(count, 1))),
    ...counts.flatMap((count) => crowded(count, few(count, 1))),
    ...counts.flatMap((count) => moving(count, few(count, 0))),
  ]
}

const SECRETS = ['plain', 'protected'] as const

/** Time stands still, and the links are known. */
function standing(count: number, faults: number): Scenario[] {
  return SECRETS.flatMap((secret) =>
    castsOf(secret, count).map((cast) => ({ secret, clients: plain(cast), faults, kinds: SERVER_FAULTS })),
  )
}

/** Clients may disconnect. */
function leaving(count: number, faults: number): Scenario[] {
  return standing(count, faults).map(({ kinds: _, ...scenario }) => scenario)
}

/** The secret expires meanwhile. */
function moving(count: number, faults: number): Scenario[] {
  return standing(count, faults).map((scenario) => ({ ...scenario, ticks: [EXPIRY] }))
}

/** One request fewer is allowed than there are clients. */
function limited(count: number, faults: number): Scenario[] {
  return standing(count, faults).map((scenario) => ({ ...scenario, limit: Math.max(1, count - 1) }))
}

/** All clients come through one server from one network, so that attempts at a passphrase take turns. */
function crowded(count: number, faults: number): Scenario[] {
  return standing(count, faults)
    .filter(({ secret }) => secret === 'protected')
    .map(({ clients, ...scenario }) => ({
      ...scenario,
      clients: clients.map((client) => ({ ...client, server: 1, network: '192.0.2.1' })),
    }))
}

/** The secret is created first, which may fail too. */
function created(count: number, faults: number): Scenario[] {
  if (count === 1) return []
  return standing(count - 1, faults).map(({ clients, ...scenario }) => ({
    ...scenario,
    clients: [{ kind: 'sender' }, ...clients],
  }))
}

function plain(cast: readonly ClientKind[]): Scenario['clients'] {
  return cast.map((kind) => ({ kind }))
}

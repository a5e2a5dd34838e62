import { createNameIndex } from '../../../src/accounts/name-index.ts'
import { createAdmission, UNLIMITED } from '../../../src/limits/admission.ts'
import type { SecretsContext } from '../../../src/secrets/context.ts'
import type { Turns } from '../../../src/secrets/turns.ts'
import type { SharingContext } from '../../../src/sharing/context.ts'
import { milliseconds } from '../../../src/time.ts'
import type { Hand } from './behaviours.ts'
import type { Client } from './client.ts'
import { createPark, type Park, parkedStore } from './parked.ts'
import { FAST_HASHER, NOTHING_IMPORTED, RING, stretchFast, TTL } from './sample.ts'
import type { World } from './world.ts'

const WINDOW = milliseconds(3_600_000)

const POLICY: SharingContext['policy'] = {
  publicUrl: 'https://secrets.example.com',
  anonymousCreate: true,
  ttl: { default: TTL, maxAnonymous: TTL, maxAccount: TTL },
  secretMaxBytes: 100,
  secretMaxBytesAnonymous: 100,
  domains: new Map(),
}

/** Gives a client its server: the real use cases, with every step to the store and every hash parked. */
export function handFor(world: World, client: Client, turns: Turns): Hand {
  const now = () => world.now
  const park = createPark(now, (step) => {
    if (client.parked !== undefined) throw new Error('a client takes two steps at once')
    if (client.phase === 'started') client.parked = step
  })
  const store = parkedStore(world.store, park)
  const { broken, limit, secret } = world.scenario
  const changes = broken?.({ store: store.secrets, memory: world.memory, initial: world.initial, park })
  const secrets: SecretsContext = {
    store: changes === undefined ? store.secrets : changed(store.secrets, changes),
    imports: store.imports,
    ring: RING,
    hasher: parkedHasher(park),
    openImported: NOTHING_IMPORTED,
    turns: watchedTurns(world, client, turns),
    now,
  }
  const quota = limit !== undefined && { bucket: 'all', limit: { limit, windowMs: WINDOW } }
  return {
    secrets,
    get sharing() {
      const accounts = { store: store.accounts, ring: RING }
      const names = createNameIndex(accounts)
      return {
        secrets,
        accounts: { ...accounts, configured: new Map(), names, now },
        mailer: undefined,
        policy: POLICY,
      }
    },
    admission: quota ? createAdmission(store.rates, quota, now) : UNLIMITED,
    network: client.network,
    isProtected: secret === 'protected',
    get keys() {
      if (world.keys === undefined) throw new Error('nobody has the links yet')
      return world.keys
    },
    connected: () => client.isConnected,
    publish(keys) {
      world.keys = keys
    },
  }
}

function changed<Part extends object>(part: Part, changes: Partial<Part>): Part {
  return new Proxy(part, {
    get: (target, method) => Reflect.get(changes, method) ?? Reflect.get(target, method),
  })
}

function parkedHasher(park: Park): SecretsContext['hasher'] {
  return {
    ...FAST_HASHER,
    stretch: (passphrase, _, parameters) => park('hash', [], () => stretchFast(passphrase, parameters)),
  }
}

/** Returns the turns of a server, and keeps in mind who waits for whom, which decides what comes next. */
function watchedTurns({ queues }: World, client: Client, turns: Turns): Turns {
  return {
    take(name, work) {
      const queue = queues.get(client.server) ?? []
      queues.set(client.server, queue)
      queue.push(client)
      return turns.take(name, work).finally(() => queue.splice(queue.indexOf(client), 1))
    },
  }
}

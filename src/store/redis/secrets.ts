import type { RecordId } from '../../crypto/keys.ts'
import {
  type MetadataRecord,
  metadataExpiry,
  type State,
  type StoredPair,
  secretExpiry,
} from '../../secrets/records.ts'
import type { Claim, SecretStore } from '../../secrets/store.ts'
import { ALL_METADATA, guessKey, idOfMetadata, metadataKey, secretKey } from './keys.ts'
import type { ScanKeys } from './scan.ts'
import { loadScript, type RunScript } from './scripts.ts'

// Redis keeps a record this much longer than it counts, because `now` decides and Redis only cleans up: a server
// whose clock is behind would else find a secret missing before its time and call it orphaned.
const GRACE_MS = 10_000

const create = loadScript('secrets/create', true)
const claim = loadScript('secrets/claim', true)
const take = loadScript('secrets/take', true)
const peek = loadScript('secrets/peek', false)
const look = loadScript('secrets/look', true)
const withdraw = loadScript('secrets/withdraw', true)
const read = loadScript('secrets/read', false)

type MetadataReply = [
  state: Buffer,
  created: number,
  updated: number,
  ttl: number,
  marked: number,
  details?: Buffer,
]
type ClaimedReply = [kind: Buffer, sealed: Buffer, ...MetadataReply]
type ProtectedReply = [kind: Buffer, left: number, sealed: Buffer, ...MetadataReply]
type LockedReply = [kind: Buffer, wait: number]
type SecretReply = [sealed: Buffer, root: Buffer, marked: number]

/** @returns Secrets in Redis, each as two keys in one slot. */
export function createSecretStore(run: RunScript, scan: ScanKeys): SecretStore {
  return {
    async create({ id, secret, metadata }, now) {
      const { state, created, updated, ttl, sealed } = metadata
      await run(create, halves(id), [
        secret?.sealed ?? '',
        secret?.root ?? '',
        Number(metadata.protected),
        keepFor(secretExpiry(metadata), now),
        state,
        created,
        updated,
        ttl,
        Number(metadata.protected),
        keepFor(metadataExpiry(metadata), now),
        ...(sealed === undefined ? [] : [sealed]),
      ])
    },

    async claim(id, { outcome, roots, guess }, now) {
      const args = [now, outcome, `,${roots.join()},`]
      if (guess === undefined) return claimOf(await run(claim, halves(id), args))
      const { source, perSource, perSecret } = guess
      return claimOf(
        await run(
          claim,
          [...halves(id), guessKey(id, source), guessKey(id)],
          [...args, perSource.limit, perSource.windowMs, perSecret.limit, perSecret.windowMs],
        ),
      )
    },

    async take(id, outcome, now) {
      return (await run(take, halves(id), [now, outcome])) === 1
    },

    async peek(id, now) {
      const found = await run(peek, halves(id), [now])
      return found === null ? undefined : { protected: found === 1 }
    },

    async look(id, mark, now) {
      const found = await run(look, halves(id), [now, Number(mark)])
      return found === null ? undefined : metadataOf(found as MetadataReply)
    },

    async withdraw(id) {
      await run(withdraw, halves(id), [])
    },

    async *all() {
      for await (const keys of scan(ALL_METADATA)) {
        const pairs = await Promise.all(keys.map((key) => readPair(idOfMetadata(key))))
        yield* pairs.filter((pair) => pair !== undefined)
      }
    },
  }

  async function readPair(id: RecordId): Promise<StoredPair | undefined> {
    const found = await run(read, halves(id), [])
    return found === null ? undefined : pairOf(id, found as [MetadataReply, SecretReply?])
  }
}

function pairOf(id: RecordId, [metadata, secret]: [MetadataReply, SecretReply?]): StoredPair {
  if (secret === undefined) return { id, metadata: metadataOf(metadata) }
  const [sealed, root, marked] = secret
  return {
    id,
    metadata: metadataOf(metadata),
    secret: { sealed, root: String(root), protected: marked === 1 },
  }
}

function halves(id: RecordId): [string, string] {
  return [secretKey(id), metadataKey(id)]
}

function keepFor(expiry: number, now: number): number {
  return Math.ceil(expiry - now) + GRACE_MS
}

function claimOf(reply: unknown): Claim {
  const kind = String((reply as [Buffer])[0]) as Claim['kind']
  switch (kind) {
    case 'claimed': {
      const [, sealed, ...metadata] = reply as ClaimedReply
      return { kind, sealed, metadata: metadataOf(metadata) }
    }
    case 'protected': {
      const [, guessesLeft, sealed, ...metadata] = reply as ProtectedReply
      return { kind, sealed, metadata: metadataOf(metadata), guessesLeft }
    }
    case 'locked':
      return { kind, retryAfter: Math.ceil((reply as LockedReply)[1] / 1000) }
    default:
      return { kind }
  }
}

function metadataOf([state, created, updated, ttl, marked, details]: MetadataReply): MetadataRecord {
  const record = { state: String(state) as State, created, updated, ttl, protected: marked === 1 }
  return details === undefined ? record : { ...record, sealed: details }
}

import type { RecordId } from '../../secrets/keys.ts'
import {
  type Origin,
  type Outcome,
  type ReceiptRecord,
  receiptExpiry,
  type SecretRecord,
  type State,
  type StoredPair,
  secretExpiry,
} from '../../secrets/records.ts'
import type { Claim, SecretStore } from '../../secrets/store.ts'
import { type Milliseconds, type Seconds, seconds } from '../../time.ts'
import { type Admit, stepOf } from './admit.ts'
import { GRACE_MS, keptFor } from './grace.ts'
import { ALL_RECEIPTS, attemptCounter, idOfReceipt, receiptRecord, secretRecord } from './keys.ts'
import { Packed } from './packed.ts'
import { waitOf } from './rates.ts'
import type { ScanKeys } from './scan.ts'
import { loadScript, type Reply, type RunScript } from './scripts.ts'

const create = stepOf(loadScript('secrets/create', { confirmed: true }))
const claim = stepOf(loadScript('secrets/claim', { confirmed: true }))
const take = loadScript('secrets/take', { confirmed: true })
const peek = loadScript('secrets/peek', { confirmed: false })
const settle = loadScript('secrets/settle', { confirmed: 'if possible' })
const setMemo = loadScript('secrets/set_memo', { confirmed: true })
const countAttempts = loadScript('secrets/count_attempts', { confirmed: false })
const clearAttempts = loadScript('secrets/clear_attempts', { confirmed: false })
const withdraw = loadScript('secrets/withdraw', { confirmed: true })
const read = loadScript('secrets/read', { confirmed: false })

/** What few receipts have; left out of some replies if there is none of them. */
type Extras = [details?: Buffer | null, generatedFlag?: number | null, memo?: Buffer | null]
type ReceiptReply = [
  state: Buffer,
  created: Milliseconds,
  updated: Milliseconds,
  ttl: Seconds,
  protectedFlag: number,
  ...Extras,
]
type ClaimedReply = [kind: Buffer, sealed: Buffer, created: Milliseconds, ttl: Seconds, ...Extras]
type ProtectedReply = [kind: Buffer, left: number, pause: number, sealed: Buffer, ...ReceiptReply]
type PeekReply = [protectedFlag: number, created: Milliseconds, ttl: Seconds, sender?: Buffer]
type UnreadableReply = [kind: Buffer, root: Buffer]
type SecretReply = [sealed: Buffer, root: Buffer, protectedFlag: number, sender?: Buffer]

/** Creates the secret store in Redis. The two records of a secret are two keys in one slot. */
export function createSecretStore(run: RunScript, admit: Admit, scan: ScanKeys): SecretStore {
  const settleOne: SecretStore['settle'] = async (id, viewer, now) => {
    const found = await run(settle, records(id), [now, viewer])
    return found === null ? undefined : receiptOf(found as ReceiptReply)
  }

  return {
    async create({ id, secret, receipt }, now, quota) {
      const args = [
        secret === undefined ? '' : packSecret(secret),
        packReceipt(receipt),
        keptFor(secretExpiry(receipt), now),
        keptFor(receiptExpiry(receipt), now),
      ]
      return waitOf(await admit(quota, now, create, records(id), args))
    },

    async claim(id, { outcome, roots, attempt }, now, quota) {
      const args = [now, outcome, `,${roots.join()},`]
      if (attempt === undefined)
        return claimOf(await admit(quota, now, claim, records(id), args), outcome, now)
      const { network, perNetwork, perSecret, newcomerPause } = attempt
      const counters = [attemptCounter(id, outcome, network), attemptCounter(id, outcome)]
      const limits = [
        perNetwork.limit,
        perNetwork.windowMs,
        perSecret.limit,
        perSecret.windowMs,
        newcomerPause,
      ]
      const keys = [...records(id), ...counters] as const
      return claimOf(await admit(quota, now, claim, keys, [...args, ...limits, GRACE_MS]), outcome, now)
    },

    async take(id, outcome, now) {
      return (await run(take, [...records(id), ...attemptCounters(id)], [now, outcome])) === 1
    },

    async peek(id, now) {
      const found = await run(peek, records(id), [now])
      if (found === null) return undefined
      const [protectedFlag, created, ttl, sender] = found as PeekReply
      return { created, ttl, protected: protectedFlag === 1, ...(sender && { sender }) }
    },

    settle: settleOne,

    // The client sends all calls of one turn of the event loop at once. One script could not run them: in a cluster, its keys
    // would be in different slots.
    settleAll: (ids, now) => Promise.all(ids.map((id) => settleOne(id, 'observer', now))),

    async setMemo(id, memo, now) {
      return (await run(setMemo, [receiptRecord(id)], [now, memo ?? '', GRACE_MS])) === 1
    },

    async countAttempts(id) {
      return (await run(countAttempts, [attemptCounter(id, 'received')], [])) as number
    },

    async clearAttempts(id, outcome, now) {
      await run(clearAttempts, [attemptCounter(id, outcome)], [now])
    },

    async withdraw(id) {
      await run(withdraw, [...records(id), ...attemptCounters(id)], [])
    },

    async *all() {
      for await (const keys of scan(ALL_RECEIPTS)) {
        const ids = keys.map(idOfReceipt).filter((id) => id !== undefined)
        const pairs = await Promise.all(ids.map(readPair))
        yield* pairs.filter((pair) => pair !== undefined)
      }
    },
  }

  async function readPair(id: RecordId): Promise<StoredPair | undefined> {
    const found = await run(read, records(id), [])
    return found === null ? undefined : pairOf(id, found as [ReceiptReply, SecretReply?])
  }
}

function pairOf(id: RecordId, [receipt, secret]: [ReceiptReply, SecretReply?]): StoredPair {
  if (secret === undefined) return { id, receipt: receiptOf(receipt) }
  const [sealed, root, protectedFlag, sender] = secret
  return {
    id,
    receipt: receiptOf(receipt),
    secret: { sealed, root: String(root), protected: protectedFlag === 1, ...(sender && { sender }) },
  }
}

// 0.1.0 reads the first three fields of a secret and the first six of a receipt, in this order.

function packSecret({ sealed, root, protected: isProtected, sender }: SecretRecord): Packed {
  return Packed.of(sealed, root, Number(isProtected), sender)
}

function packReceipt(receipt: ReceiptRecord): Packed {
  const { state, created, updated, ttl, protected: isProtected, sealed, origin, memo } = receipt
  const generatedFlag = origin === 'generated' ? 1 : undefined
  return Packed.of(state, created, updated, ttl, Number(isProtected), sealed, generatedFlag, memo)
}

function records(id: RecordId): [string, string] {
  return [secretRecord(id), receiptRecord(id)]
}

function attemptCounters(id: RecordId): [string, string] {
  return [attemptCounter(id, 'received'), attemptCounter(id, 'burned')]
}

function claimOf(reply: unknown, outcome: Outcome, now: Milliseconds): Claim {
  const kind = String((reply as [Buffer])[0]) as Claim['kind']
  switch (kind) {
    case 'claimed': {
      const [, sealed, created, ttl, ...extras] = reply as ClaimedReply
      const receipt = {
        state: outcome,
        created,
        updated: now,
        ttl,
        protected: false,
        origin: originOf(extras),
      }
      return { kind, sealed, receipt: withExtras(receipt, extras) }
    }
    case 'protected': {
      const [, attemptsLeft, pause, sealed, ...receipt] = reply as ProtectedReply
      const retryAfter = pause > 0 && { retryAfter: seconds(Math.ceil(pause / 1000)) }
      return { kind, sealed, receipt: receiptOf(receipt), attemptsLeft, ...retryAfter }
    }
    case 'rate_limited':
    case 'locked':
      return { kind, retryAfter: waitOf(reply as Reply) }
    case 'unreadable':
      return { kind, root: String((reply as UnreadableReply)[1]) }
    default:
      return { kind }
  }
}

function receiptOf([state, created, updated, ttl, protectedFlag, ...extras]: ReceiptReply): ReceiptRecord {
  const isProtected = protectedFlag === 1
  const known = { state: String(state) as State, created, updated, ttl, protected: isProtected }
  return withExtras({ ...known, origin: originOf(extras) }, extras)
}

function originOf([, generatedFlag]: Extras): Origin {
  return generatedFlag === 1 ? 'generated' : 'given'
}

function withExtras(receipt: ReceiptRecord, [details, , memo]: Extras): ReceiptRecord {
  if (!details && !memo) return receipt
  return { ...receipt, ...(details && { sealed: details }), ...(memo && { memo }) }
}

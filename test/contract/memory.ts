import type { AccountId, AccountRecord, RecentEntry } from '../../src/accounts/records.ts'
import { DomainError } from '../../src/errors.ts'
import { countRequest, type Quota, type Window } from '../../src/limits/rates.ts'
import type { AliasId } from '../../src/secrets/alias-ids.ts'
import type { Attempts } from '../../src/secrets/attempts.ts'
import type { AliasRecord } from '../../src/secrets/import-store.ts'
import type { RecordId } from '../../src/secrets/keys.ts'
import type { RecordPair } from '../../src/secrets/records.ts'
import { peeked } from '../../src/secrets/states.ts'
import { claimStep, memoStep, type Step, settleStep, takeStep } from '../../src/secrets/store-steps.ts'
import { type RootRecord, withNewest } from '../../src/store/roots.ts'
import type { Store } from '../../src/store/store.ts'
import { type Milliseconds, milliseconds, type Seconds, seconds } from '../../src/time.ts'

/** What every connection to one memory store reads and writes. */
export class Memory {
  readonly pairs = new Map<RecordId, RecordPair>()
  readonly attempts = { received: new Map<RecordId, Attempts>(), burned: new Map<RecordId, Attempts>() }
  readonly accounts = new Map<AccountId, AccountRecord>()
  readonly recent = new Map<AccountId, readonly RecentEntry[]>()
  readonly sessions = new Map<AccountId, Milliseconds>()
  readonly aliases = new Map<AliasId, AliasRecord>()
  awaited = milliseconds(0)
  readonly windows = new Map<string, Window>()
  roots: readonly RootRecord[] = []
}

/**
 * Opens a store that keeps everything in memory: reads and writes only, as every decision is the domain's. No method
 * waits for anything, so each is atomic.
 */
export function openMemoryStore(memory: Memory): Store {
  let isPending = true
  const data = () => {
    if (!isPending) throw new DomainError('store_unavailable')
    return memory
  }
  const take = (quota: Quota, now: Milliseconds): Seconds => {
    const { wait, window } = countRequest(data().windows.get(quota.bucket), quota, now)
    if (window !== undefined) memory.windows.set(quota.bucket, window)
    return wait
  }
  const write = <Answer>(id: RecordId, { answer, pair }: Step<Answer>): Answer => {
    if (pair !== undefined) memory.pairs.set(id, pair)
    return answer
  }
  const removeAttempts = (id: RecordId) => {
    for (const attempts of Object.values(memory.attempts)) attempts.delete(id)
  }
  return {
    secrets: {
      async create({ id, ...pair }, now, quota) {
        const wait = quota === undefined ? seconds(0) : take(quota, now)
        if (wait === 0) data().pairs.set(id, pair)
        return wait
      },
      async claim(id, request, now, quota) {
        const retryAfter = quota === undefined ? seconds(0) : take(quota, now)
        if (retryAfter > 0) return { kind: 'rate_limited', retryAfter }
        const attempts = data().attempts[request.outcome]
        const step = claimStep(memory.pairs.get(id), attempts.get(id), request, now)
        if (step.attempts !== undefined) attempts.set(id, step.attempts)
        return write(id, step)
      },
      async take(id, outcome, now) {
        const taken = write(id, takeStep(data().pairs.get(id), outcome, now))
        if (taken) removeAttempts(id)
        return taken
      },
      peek: async (id, now) => peeked(data().pairs.get(id), now),
      settle: async (id, viewer, now) => write(id, settleStep(data().pairs.get(id), viewer, now)),
      settleAll: async (ids, now) =>
        ids.map((id) => write(id, settleStep(data().pairs.get(id), 'observer', now))),
      setMemo: async (id, memo, now) => write(id, memoStep(data().pairs.get(id), memo, now)),
      countAttempts: async (id) => data().attempts.received.get(id)?.total ?? 0,
      clearAttempts: async (id, outcome) => void data().attempts[outcome].delete(id),
      async withdraw(id) {
        data().pairs.delete(id)
        removeAttempts(id)
      },
      async *all() {
        for (const [id, pair] of data().pairs) yield { id, ...pair }
      },
    },
    imports: {
      async findAlias(id, now) {
        const alias = data().aliases.get(id)
        return alias !== undefined && now < alias.expires ? alias : undefined
      },
      async addAlias(alias, now) {
        const stored = data().aliases.get(alias.id)
        if (stored !== undefined && now < stored.expires) return false
        memory.aliases.set(alias.id, alias)
        return true
      },
      async *allAliases() {
        yield* data().aliases.values()
      },
      async awaitSiteSecret(until) {
        data().awaited = milliseconds(Math.max(until, memory.awaited))
      },
      siteSecretAwaited: async (now) => (now < data().awaited ? memory.awaited : undefined),
    },
    accounts: {
      find: async (id) => data().accounts.get(id),
      async save(id, record, { among, when }) {
        const found = among.some((each) => data().accounts.has(each))
        if (when !== 'either' && found !== (when === 'present')) return false
        for (const each of among) memory.accounts.delete(each)
        if (found) for (const each of among) memory.recent.delete(each)
        memory.accounts.set(id, record)
        return true
      },
      async remove(id) {
        data().recent.delete(id)
        return memory.accounts.delete(id)
      },
      list: async () => Array.from(data().accounts, ([id, record]) => ({ id, ...record })),
      async remember(id, entry, { horizon, keep }) {
        const others = (data().recent.get(id) ?? []).filter(({ sealed }) => !sealed.equals(entry.sealed))
        const kept = [...others, entry].filter(({ created }) => created >= horizon)
        const newestFirst = kept.sort((a, b) => b.created - a.created || b.sealed.compare(a.sealed))
        memory.recent.set(id, newestFirst.slice(0, keep))
      },
      recent: async (id, horizon) =>
        (data().recent.get(id) ?? []).filter(({ created }) => created >= horizon),
      async *listed() {
        yield* data().recent.keys()
      },
      sessionEpoch: async (id) => data().sessions.get(id) ?? milliseconds(0),
      async raiseSessionEpoch(id, at) {
        const epoch = milliseconds(Math.max(at, (data().sessions.get(id) ?? 0) + 1))
        memory.sessions.set(id, epoch)
        return epoch
      },
      async *withSessionEpoch() {
        yield* data().sessions.keys()
      },
    },
    rates: {
      take: async (quota, now) => take(quota, now),
    },
    roots: {
      recorded: async () => [...data().roots],
      async record(root, known) {
        const next = withNewest(data().roots, root, known)
        memory.roots = next ?? memory.roots
        return next !== undefined
      },
    },
    async ready() {
      data()
      return { warnings: [] }
    },
    reachable: async () => void data(),
    async measure() {
      const unread = [...data().pairs.values()].filter(({ secret }) => secret !== undefined)
      const created = unread.map(({ receipt }) => receipt.created)
      return {
        unread: unread.length,
        ...(unread.length > 0 && { oldestUnread: milliseconds(Math.min(...created)) }),
      }
    },
    warnings: async () => [],
    async close() {
      isPending = false
    },
  }
}

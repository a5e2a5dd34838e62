import type { Key } from 'lmdb'
import type { AccountId } from '../../accounts/records.ts'
import type { AccountStore } from '../../accounts/store.ts'
import { after, milliseconds } from '../../time.ts'
import type { WatchedClock } from './clock.ts'
import type { RecentKey, Tables } from './tables.ts'

// The prefix that distinguishes and orders entries of the same millisecond.
const DISTINGUISHING_BYTES = 16
const NO_EPOCH = milliseconds(0)

/**
 * Creates the account store on open tables.
 *
 * @param clock While it has not proved itself, no entry counts as too old.
 */
export function createAccountStore(tables: Tables, clock: WatchedClock): AccountStore {
  const { environment, accounts, recent, recentExpiry, sessions } = tables

  return {
    find: async (id) => environment.read(() => accounts.get(id)),

    save: (id, record, { among, when }) =>
      environment.transact(
        () => {
          const found = among.some((each) => accounts.get(each) !== undefined)
          if (when !== 'either' && found !== (when === 'present')) return false
          if (found) for (const each of among) remove(each)
          void accounts.put(id, record)
          return true
        },
        { adds: when !== 'present' },
      ),

    remove: (id) =>
      environment.transact(() => {
        const existed = accounts.get(id) !== undefined
        remove(id)
        return existed
      }),

    list: async () =>
      environment.read(() => Array.from(accounts.getRange({}), ({ key, value }) => ({ id: key, ...value }))),

    remember: (id, entry, { horizon, keep }, now) =>
      environment.transact(() => {
        const key: RecentKey = [id, entry.created, entry.sealed.toString('hex', 0, DISTINGUISHING_BYTES)]
        void recent.put(key, entry.sealed)
        void recentExpiry.put([entry.created + now - horizon, ...key], true)
        const tooMany = recent.getKeys({ ...entriesOf(id, 0), offset: keep })
        const tooOld = clock.read().proven ? recent.getKeys({ start: [id], end: [id, horizon] }) : []
        for (const past of [...tooMany, ...tooOld]) void recent.remove(past)
      }),

    recent: async (id, horizon) =>
      environment.read(() =>
        Array.from(recent.getRange(entriesOf(id, horizon)), ({ key, value }) => ({
          sealed: value,
          created: milliseconds(key[1]),
        })),
      ),

    async *listed() {
      let next = firstListed([])
      while (next !== undefined) {
        yield next
        next = firstListed([next, Number.MAX_SAFE_INTEGER])
      }
    },

    sessionEpoch: async (id) => environment.read(() => sessions.get(id))?.epoch ?? NO_EPOCH,

    raiseSessionEpoch: (id, at, ttl) =>
      environment.transact(() => {
        const last = sessions.get(id)?.epoch ?? NO_EPOCH
        const epoch = milliseconds(Math.max(at, last + 1))
        void sessions.put(id, { epoch, until: after(epoch, ttl) })
        return epoch
      }),

    async *withSessionEpoch() {
      yield* environment.read(() => [...sessions.getKeys({})])
    },
  }

  function remove(id: AccountId): void {
    void accounts.remove(id)
    for (const key of [...recent.getKeys(entriesOf(id, 0))]) void recent.remove(key)
  }

  function firstListed(start: Key): AccountId | undefined {
    const [first] = environment.read(() => [...recent.getKeys({ start, limit: 1 })])
    return first?.[0]
  }
}

/** Returns the range of an account's entries since `horizon` (Unix ms), newest first. */
function entriesOf(id: AccountId, horizon: number) {
  return { start: [id, Number.MAX_SAFE_INTEGER], end: [id, horizon], reverse: true }
}

import {
  type AccountId,
  type AccountRecord,
  parseAccountId,
  type RecentEntry,
} from '../../accounts/records.ts'
import type { AccountStore } from '../../accounts/store.ts'
import { type Milliseconds, milliseconds } from '../../time.ts'
import {
  ACCOUNTS,
  ALL_RECENT_LISTS,
  ALL_SESSION_EPOCHS,
  ownerOfRecentList,
  ownerOfSessionEpoch,
  recentList,
  sessionEpoch,
} from './keys.ts'
import type { ScanKeys } from './scan.ts'
import { loadScript, type Reply, type RunScript } from './scripts.ts'

const find = loadScript('accounts/find', { confirmed: false })
const save = loadScript('accounts/save', { confirmed: true })
const remove = loadScript('accounts/remove', { confirmed: true })
const list = loadScript('accounts/list', { confirmed: false })
const remember = loadScript('accounts/remember', { confirmed: false })
const recent = loadScript('accounts/recent', { confirmed: false })
const forget = loadScript('accounts/forget', { confirmed: false })
const readEpoch = loadScript('accounts/session_epoch', { confirmed: false })
const raiseEpoch = loadScript('accounts/raise_session_epoch', { confirmed: true })

/** Creates the account store in Redis. */
export function createAccountStore(run: RunScript, scan: ScanKeys): AccountStore {
  return {
    async find(id) {
      const found = await run(find, [ACCOUNTS], [id])
      return found === null ? undefined : accountOf(found)
    },

    async save(id, { email, token, created, name = '' }, { among, when }) {
      const args = [id, email, token, created, when, name, ...among]
      const saved = (await run(save, [ACCOUNTS], args)) === 1
      if (saved && when !== 'absent') await Promise.all(among.map(forgetUnreadable))
      return saved
    },

    // The recent list may be in another slot, so it takes a step of its own. It goes first: if the second step fails,
    // the account still exists and can be removed again.
    async remove(id) {
      await run(forget, [recentList(id)], [])
      return (await run(remove, [ACCOUNTS], [id])) === 1
    },

    async list() {
      return ((await run(list, [ACCOUNTS], [])) as Reply[][]).flatMap(([name, ...record]) => {
        const id = parseAccountId(String(name))
        return id === undefined ? [] : [{ id, ...accountOf(record) }]
      })
    },

    async remember(id, { sealed, created }, { horizon, keep }, now) {
      await run(remember, [recentList(id)], [sealed, created, horizon, keep, now - horizon])
    },

    async recent(id, horizon) {
      const flat = (await run(recent, [recentList(id)], [horizon])) as Buffer[]
      const entries: RecentEntry[] = []
      for (let i = 0; i < flat.length; i += 2) {
        entries.push({ sealed: flat[i] as Buffer, created: milliseconds(Number(flat[i + 1])) })
      }
      return entries
    },

    async *listed() {
      for await (const keys of scan(ALL_RECENT_LISTS)) {
        yield* keys.map(ownerOfRecentList).filter((owner) => owner !== undefined)
      }
    },

    async sessionEpoch(id) {
      return milliseconds(Number(await run(readEpoch, [sessionEpoch(id)], [])))
    },

    async raiseSessionEpoch(id, at, ttl) {
      return milliseconds(Number(await run(raiseEpoch, [sessionEpoch(id)], [at, ttl])))
    },

    async *withSessionEpoch() {
      for await (const keys of scan(ALL_SESSION_EPOCHS)) {
        yield* keys.map(ownerOfSessionEpoch).filter((owner) => owner !== undefined)
      }
    },
  }

  // The account has been replaced, and no token opens the remaining entries: a failure only wastes some space until
  // they expire.
  async function forgetUnreadable(id: AccountId): Promise<void> {
    await run(forget, [recentList(id)], []).catch(() => undefined)
  }
}

function accountOf(reply: Reply): AccountRecord {
  const [email, token, created, name] = reply as [Buffer, Buffer, Milliseconds, Buffer?]
  return { email, token, created, ...(name && { name }) }
}

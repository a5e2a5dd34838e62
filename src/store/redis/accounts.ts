import type { AccountRecord, RecentEntry } from '../../accounts/records.ts'
import type { AccountStore } from '../../accounts/store.ts'
import { ACCOUNTS, recentKey, recentOwner } from './keys.ts'
import type { ScanKeys } from './scan.ts'
import { loadScript, type Reply, type RunScript } from './scripts.ts'

const find = loadScript('accounts/find', false)
const save = loadScript('accounts/save', true)
const remove = loadScript('accounts/remove', true)
const list = loadScript('accounts/list', false)
const remember = loadScript('accounts/remember', false)
const recent = loadScript('accounts/recent', false)
const forget = loadScript('accounts/forget', false)

/** @returns Accounts and recent lists in Redis. */
export function createAccountStore(run: RunScript, scan: ScanKeys): AccountStore {
  return {
    async find(id) {
      const found = await run(find, [ACCOUNTS], [id])
      return found === null ? undefined : accountOf(found)
    },

    async save(id, { email, token, created }) {
      await run(save, [ACCOUNTS], [id, email, token, created])
    },

    // The list may be in another slot, so it takes a step of its own. It goes first: if the second step fails, the
    // account is still there to be removed again.
    async remove(id) {
      await run(forget, [recentKey(id)], [])
      return (await run(remove, [ACCOUNTS], [id])) === 1
    },

    async list() {
      return ((await run(list, [ACCOUNTS], [])) as Reply[][]).map(([id, ...record]) => ({
        id: String(id),
        ...accountOf(record),
      }))
    },

    async remember(id, { sealed, created }, horizon, keep, now) {
      await run(remember, [recentKey(id)], [sealed, created, horizon, keep, now - horizon])
    },

    async recent(id, horizon) {
      const flat = (await run(recent, [recentKey(id)], [horizon])) as Buffer[]
      const entries: RecentEntry[] = []
      for (let i = 0; i < flat.length; i += 2) {
        entries.push({ sealed: flat[i] as Buffer, created: Number(flat[i + 1]) })
      }
      return entries
    },

    async *listed() {
      for await (const keys of scan(recentKey('*'))) yield* keys.map(recentOwner)
    },
  }
}

function accountOf(reply: Reply): AccountRecord {
  const [email, token, created] = reply as [Buffer, Buffer, number]
  return { email, token, created }
}

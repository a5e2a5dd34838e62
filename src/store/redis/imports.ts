import type { AliasId } from '../../secrets/alias-ids.ts'
import type { AliasRecord, ImportStore } from '../../secrets/import-store.ts'
import { type Milliseconds, milliseconds } from '../../time.ts'
import { keptFor } from './grace.ts'
import { ALL_ALIASES, AWAITED_SITE_SECRET, aliasRecord, idOfAlias } from './keys.ts'
import type { ScanKeys } from './scan.ts'
import { loadScript, type RunScript } from './scripts.ts'

const find = loadScript('imports/find_alias', { confirmed: false })
const add = loadScript('imports/add_alias', { confirmed: true })
const awaitSecret = loadScript('imports/await_site_secret', { confirmed: true })
const awaited = loadScript('imports/site_secret_awaited', { confirmed: false })

type AliasReply = [sealed: Buffer, expires: Milliseconds]

/** Creates the store of imports in Redis. An alias record may be in any slot. */
export function createImportStore(run: RunScript, scan: ScanKeys): ImportStore {
  return {
    async findAlias(id, now) {
      const alias = await read(id)
      return alias !== undefined && now < alias.expires ? alias : undefined
    },

    async addAlias({ id, sealed, expires }, now) {
      return (await run(add, [aliasRecord(id)], [sealed, expires, now, lifetimeOf(expires, now)])) === 1
    },

    async *allAliases() {
      for await (const keys of scan(ALL_ALIASES)) {
        const ids = keys.map(idOfAlias).filter((id) => id !== undefined)
        yield* (await Promise.all(ids.map(read))).filter((alias) => alias !== undefined)
      }
    },

    async awaitSiteSecret(until, now) {
      await run(awaitSecret, [AWAITED_SITE_SECRET], [until, lifetimeOf(until, now)])
    },

    async siteSecretAwaited(now) {
      const until = Number(await run(awaited, [AWAITED_SITE_SECRET], []))
      return now < until ? milliseconds(until) : undefined
    },
  }

  async function read(id: AliasId): Promise<AliasRecord | undefined> {
    const found = await run(find, [aliasRecord(id)], [])
    if (found === null) return undefined
    const [sealed, expires] = found as AliasReply
    return { id, sealed, expires }
  }
}

// Redis rejects a lifetime below 1 ms.
function lifetimeOf(expiry: Milliseconds, now: Milliseconds): number {
  return Math.max(1, keptFor(expiry, now))
}

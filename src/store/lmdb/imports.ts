import type { AliasId } from '../../secrets/alias-ids.ts'
import type { AliasRecord, ImportStore } from '../../secrets/import-store.ts'
import { type Milliseconds, milliseconds } from '../../time.ts'
import type { WatchedClock } from './clock.ts'
import type { Tables } from './tables.ts'

/** Number of aliases read at once. Paging avoids holding a snapshot while the caller processes them. */
const PAGE = 256

/**
 * Creates the store of imports on open tables.
 *
 * @param clock While it has jumped, nothing is answered that depends on the time.
 */
export function createImportStore(tables: Tables, clock: WatchedClock): ImportStore {
  const { environment, aliases, aliasExpiry, awaited } = tables

  return {
    async findAlias(id, now) {
      clock.assertFit()
      return environment.read(() => read(id, now))
    },

    async addAlias({ id, ...alias }, now) {
      clock.assertFit()
      return environment.transact(
        () => {
          if (read(id, now) !== undefined) return false
          void aliases.put(id, alias)
          void aliasExpiry.put([alias.expires, id], true)
          return true
        },
        { adds: true },
      )
    },

    async *allAliases() {
      let page: AliasRecord[] = []
      do {
        page = pageAfter(page.at(-1)?.id ?? '')
        yield* page
      } while (page.length === PAGE)
    },

    async awaitSiteSecret(until) {
      await environment.transact(
        () => void awaited.put('siteSecret', Math.max(until, awaited.get('siteSecret') ?? 0)),
        { adds: true },
      )
    },

    async siteSecretAwaited(now) {
      const until = environment.read(() => awaited.get('siteSecret')) ?? 0
      return now < until ? milliseconds(until) : undefined
    },
  }

  function read(id: AliasId, now: Milliseconds): AliasRecord | undefined {
    const stored = aliases.get(id)
    return stored !== undefined && now < stored.expires ? { id, ...stored } : undefined
  }

  function pageAfter(id: AliasId | ''): AliasRecord[] {
    const range = { start: id as AliasId, exclusiveStart: true, limit: PAGE }
    return environment.read(() =>
      Array.from(aliases.getRange(range), ({ key, value }) => ({ id: key, ...value })),
    )
  }
}

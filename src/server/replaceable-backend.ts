import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '../store/open.ts'
import { createReplaceableStore } from '../testing/replaceable-store.ts'
import { openBackend } from './backend.ts'
import { recordRing } from './roots.ts'

/** The backend of a server whose data can be replaced by an empty store. */
export interface ReplaceableBackend {
  /** Opens it. */
  readonly open: typeof openBackend
  /** Goes on with an empty store under the same root keys, once the backend is open. Replacements take turns. */
  replace(): Promise<void>
}

/**
 * Creates a backend that can be replaced.
 *
 * @param folder Gets a folder for each empty store.
 * @param isStoreAway Whether no operation of the store succeeds.
 */
export function createReplaceableBackend(folder: string, isStoreAway: () => boolean): ReplaceableBackend {
  let replaceData: () => Promise<void> = async () => undefined
  let replaced = 0
  let last = Promise.resolve()
  return {
    async open(config, options = {}) {
      const { store: first, ring } = await openBackend(config, options)
      const store = createReplaceableStore(first, isStoreAway)
      replaceData = async () => {
        const previous = join(folder, String(replaced))
        replaced += 1
        const next = await openStore(
          { redisUrl: undefined, dataDir: join(folder, String(replaced)) },
          options,
        )
        await recordRing(next.roots, ring)
        await store.replace(next)
        rmSync(previous, { recursive: true, force: true })
      }
      return { store, ring }
    },
    replace() {
      last = last.then(() => replaceData())
      return last
    },
  }
}

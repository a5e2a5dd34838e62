import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type OpenOptions, openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { createReplaceableStore } from '../testing/replaceable-store.ts'
import { openBackend } from './backend.ts'
import { recordRing } from './roots.ts'

/** The backend of a server whose data can be replaced by an empty store. */
export interface ReplaceableBackend {
  /** Opens it. */
  readonly open: typeof openBackend
  /** Goes on with an empty store under the same root keys, once the backend is open. */
  replace(): Promise<void>
}

/**
 * Creates a backend that can be replaced.
 *
 * @param folder Gets a folder for each empty store.
 * @param isStoreAway Whether no operation of the store succeeds.
 */
export function createReplaceableBackend(folder: string, isStoreAway: () => boolean): ReplaceableBackend {
  let replace: () => Promise<void> = async () => undefined
  let replaced = 0
  return {
    async open(config, options = {}) {
      const { store: first, ring } = await openBackend(config, options)
      const store = createReplaceableStore(first, isStoreAway)
      replace = async () => {
        replaced += 1
        const next = await openRemovable(join(folder, String(replaced)), options)
        await recordRing(next.roots, ring)
        await store.replace(next)
      }
      return { store, ring }
    },
    replace: () => replace(),
  }
}

/** Opens an embedded store that is removed when it is closed. */
async function openRemovable(dataDir: string, options: OpenOptions): Promise<Store> {
  const store = await openStore({ redisUrl: undefined, dataDir }, options)
  return {
    ...store,
    async close() {
      await store.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

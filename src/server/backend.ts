import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config/load.ts'
import { createKeyRing, type KeyRing } from '../crypto/key-ring.ts'
import { createRootKeyFile, readRootKeyFile } from '../crypto/root-key-file.ts'
import { holdsData } from '../store/lmdb/folder.ts'
import { openStore } from '../store/open.ts'
import type { Store, StoreWatcher } from '../store/store.ts'

/** What a server and the operator's commands share: the store and its root keys. */
export interface Backend {
  readonly store: Store
  readonly ring: KeyRing
}

/**
 * Opens the configured store with its root keys. Those of the embedded store are in a file beside its data, unless
 * `ROOT_KEY` is set.
 *
 * @throws DomainError `store_unavailable` with the reason as cause; Error when the root key file is damaged, or
 *   missing beside data that nothing else opens.
 */
export async function openBackend(config: Config, watcher?: StoreWatcher): Promise<Backend> {
  const ring = createKeyRing(config.rootKeys ?? embeddedRootKeys(config.dataDir))
  return { store: await openStore(config, watcher), ring }
}

/** Returns the path of the file with the root keys of an embedded store. */
export function rootKeyPath(dataDir: string): string {
  return join(dataDir, 'root.key')
}

function embeddedRootKeys(dataDir: string): Buffer[] {
  const path = rootKeyPath(dataDir)
  // In this order, because another process that starts creates the key before the data.
  if (holdsData(dataDir) && !existsSync(path)) {
    throw new Error(
      `${path} is missing: put it back or set ROOT_KEY; nothing in ${dataDir} can be opened without it`,
    )
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  createRootKeyFile(path)
  return readRootKeyFile(path)
}

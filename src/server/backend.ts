import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config/load.ts'
import { createKeyRing, type KeyRing } from '../crypto/key-ring.ts'
import { createRootKeyFile, readRootKeyFile } from '../crypto/root-key-file.ts'
import { holdsData } from '../store/lmdb/folder.ts'
import { type OpenOptions, openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'

/** What the server and the operator's commands share: the store and its root keys. */
export interface Backend {
  readonly store: Store
  readonly ring: KeyRing
}

/**
 * Opens the configured store with its root keys. Unless `ROOT_KEY` is set, those of the embedded store are in a file
 * beside its data.
 *
 * @throws DomainError `store_unavailable` with the reason as cause; Error when the root key file is damaged, or
 *   missing although there is data.
 */
export async function openBackend(config: Config, options?: OpenOptions): Promise<Backend> {
  const ring = createKeyRing(config.rootKeys ?? embeddedRootKeys(config.dataDir))
  return { store: await openStore(config, options), ring }
}

/** Returns the path of the embedded store's root key file. */
export function rootKeyPath(dataDir: string): string {
  return join(dataDir, 'root.key')
}

function embeddedRootKeys(dataDir: string): Buffer[] {
  const path = rootKeyPath(dataDir)
  // In this order, because another process that starts creates the keys before the data.
  if (holdsData(dataDir) && !existsSync(path)) {
    throw new Error(
      `${path} is missing: restore it or set ROOT_KEY; without the root keys, nothing in ${dataDir} can be opened`,
    )
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  createRootKeyFile(path)
  return readRootKeyFile(path)
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config/load.ts'
import { createKeyRing, type KeyRing } from '../crypto/key-ring.ts'
import { createRootKeyFile, readRootKeyFile } from '../crypto/root-key-file.ts'
import { DomainError } from '../errors.ts'
import { beginStore, holdsData } from '../store/lmdb/folder.ts'
import { createPrivateFolder } from '../store/lmdb/private-folder.ts'
import { type OpenOptions, openStore } from '../store/open.ts'
import type { RootStore } from '../store/roots.ts'
import type { Store } from '../store/store.ts'
import { explainFolderError } from './data-folder-error.ts'
import { assertOpens, type RootKeyObserver, recordRing } from './roots.ts'

/** What the server and the operator's commands share: the store and its root keys. */
export interface Backend {
  readonly store: Store
  readonly ring: KeyRing
}

/** How to open the backend. */
export interface BackendOptions extends OpenOptions {
  readonly onRootKey?: RootKeyObserver | undefined
}

/**
 * Opens the configured store with its root keys. Unless `ROOT_KEY` is set, those of the embedded store are in a file
 * beside its data.
 *
 * @throws DomainError `store_unavailable` or `missing_root_key` with the reason as cause; Error when the root key file is
 *   damaged, or missing although there is data.
 */
export function openBackend(config: Config, options: BackendOptions = {}): Promise<Backend> {
  return open(config, options, (roots, ring) => recordRing(roots, ring, options.onRootKey))
}

/** Opens the same to look at it only: the root keys are not recorded. @throws As `openBackend`. */
export function inspectBackend(config: Config): Promise<Backend> {
  return open(config, {}, assertOpens)
}

async function open(
  config: Config,
  options: OpenOptions,
  prepare: (roots: RootStore, ring: KeyRing) => Promise<unknown>,
): Promise<Backend> {
  const ring = createKeyRing(rootKeysOf(config))
  const store = await openStore(config, options).catch((error: unknown) => {
    throw config.redisUrl === undefined ? explainFolderError(error, config.dataDir) : error
  })
  try {
    await prepare(store.roots, ring)
  } catch (error) {
    // A store that is waited for is asked again with each look at readiness.
    if (options.whenAway === 'wait' && isAway(error)) return { store, ring }
    await store.close()
    throw error
  }
  return { store, ring }
}

function isAway(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'store_unavailable'
}

/**
 * Returns the configured root keys, newest first, 32 bytes each; those of an embedded store are created at the first
 * start.
 *
 * @throws Error when the root key file is damaged, or missing beside data that nothing else opens; or when the data folder
 *   belongs to another user or holds only a part of a store.
 */
export function rootKeysOf({ rootKeys, dataDir }: Config): readonly Buffer[] {
  try {
    return rootKeys ?? embeddedRootKeys(dataDir)
  } catch (error) {
    throw explainFolderError(error, dataDir)
  }
}

/** The file of the root keys, in a data folder and in a backup. */
export const ROOT_KEY_NAME = 'root.key'

/** Returns the path of the embedded store's root key file. */
export function rootKeyPath(dataDir: string): string {
  return join(dataDir, ROOT_KEY_NAME)
}

function embeddedRootKeys(dataDir: string): Buffer[] {
  const path = rootKeyPath(dataDir)
  // In this order, because another process that starts creates the keys before the data.
  if (holdsData(dataDir) && !existsSync(path)) {
    throw new Error(
      `${path} is missing: restore it or set ROOT_KEY; without the root keys, nothing in ${dataDir} can be opened`,
    )
  }
  createPrivateFolder(dataDir)
  beginStore(dataDir, { hasKeys: existsSync(path) })
  createRootKeyFile(path)
  return readRootKeyFile(path)
}

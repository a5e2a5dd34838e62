import type { KeyRing } from '../crypto/key-ring.ts'
import { DomainError } from '../errors.ts'
import type { RootStore } from '../store/roots.ts'

/** The short id of the root key that seals from now on, and that of the one before it. */
export interface RootKeyChange {
  readonly id: string
  readonly previous: string
}

/** Is called by a process that seals with another root key than the store knew as the newest. Must not throw. */
export type RootKeyObserver = (change: RootKeyChange) => void

/**
 * Makes sure that a key ring holds the root key that sealed last in a store: with another one, nothing could be opened
 * and each reveal would fail.
 *
 * @throws DomainError `missing_root_key` when it does not; `store_unavailable`.
 */
export async function assertOpens(roots: RootStore, ring: KeyRing): Promise<void> {
  await findNewest(roots, ring)
}

/**
 * Records that a key ring seals in a store from now on. A store of 0.1.0 has nothing recorded, and accepts any ring.
 *
 * @returns Whether it is recorded: a full store takes nothing new, but is read all the same.
 * @throws DomainError `missing_root_key` when the ring lacks the root key that sealed last; `store_unavailable` when the
 *   store cannot be read.
 */
export async function recordRing(
  roots: RootStore,
  ring: KeyRing,
  onChange?: RootKeyObserver,
): Promise<boolean> {
  const previous = await findNewest(roots, ring)
  const { id } = ring.current
  const recorded = await roots.record(ring.current, ring.ids).catch(() => false)
  if (recorded && previous !== undefined && previous !== id) onChange?.({ id, previous })
  // Another server, with another ring, may have been faster.
  if (!recorded) await assertOpens(roots, ring)
  return recorded
}

/**
 * Creates the check that a server makes with each look at its readiness, which records the ring once that is possible.
 *
 * @returns Throws as `recordRing` does.
 */
export function guardRing(roots: RootStore, ring: KeyRing, onChange?: RootKeyObserver): () => Promise<void> {
  let recorded = false
  return async () => {
    if (recorded) await assertOpens(roots, ring)
    else recorded = await recordRing(roots, ring, onChange)
  }
}

// Returns the id of the root key that sealed last, if any did.
async function findNewest(roots: RootStore, ring: KeyRing): Promise<string | undefined> {
  const [newest] = await roots.recorded()
  if (newest === undefined) return undefined
  if (!ring.find(newest.id)?.check.equals(newest.check)) throw missing(newest.id)
  return newest.id
}

function missing(id: string): DomainError {
  const cause = new Error(
    `ROOT_KEY (or root.key in DATA_DIR) lacks the root key ${id}, which sealed last in this store: put it back behind the new one`,
  )
  return new DomainError('missing_root_key', { subject: id, cause })
}

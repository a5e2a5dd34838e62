import type { KeyRing } from '../crypto/key-ring.ts'
import { DomainError } from '../errors.ts'
import type { RootStore } from '../store/roots.ts'

/**
 * Makes sure that a key ring holds the root key that sealed last in a store: with another one, nothing could be opened
 * and each reveal would fail.
 *
 * @throws DomainError `missing_root_key` when it does not; `store_unavailable`.
 */
export async function assertOpens(roots: RootStore, ring: KeyRing): Promise<void> {
  const [newest] = await roots.recorded()
  if (newest === undefined || ring.find(newest.id)?.check.equals(newest.check)) return
  throw missing(newest.id)
}

/**
 * Records that a key ring seals in a store from now on. A store of 0.1.0 has nothing recorded, and accepts any ring.
 *
 * @returns Whether it is recorded: a full store takes nothing new, but is read all the same.
 * @throws DomainError `missing_root_key` when the ring lacks the root key that sealed last; `store_unavailable` when the
 *   store cannot be read.
 */
export async function recordRing(roots: RootStore, ring: KeyRing): Promise<boolean> {
  await assertOpens(roots, ring)
  const recorded = await roots.record(ring.current, ring.ids).catch(() => false)
  // Another server, with another ring, may have been faster.
  if (!recorded) await assertOpens(roots, ring)
  return recorded
}

/**
 * Creates the check that a server makes with each look at its readiness, which records the ring once that is possible.
 *
 * @returns Throws as `recordRing` does.
 */
export function guardRing(roots: RootStore, ring: KeyRing): () => Promise<void> {
  let recorded = false
  return async () => {
    if (recorded) await assertOpens(roots, ring)
    else recorded = await recordRing(roots, ring)
  }
}

function missing(id: string): DomainError {
  const cause = new Error(
    `ROOT_KEY (or root.key in DATA_DIR) lacks the root key ${id}, which sealed last in this store: put it back behind the new one`,
  )
  return new DomainError('missing_root_key', { subject: id, cause })
}

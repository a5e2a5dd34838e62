import { expect, vi } from 'vitest'
import type { Store } from '../../src/store/store.ts'

// Sentinels that a busy machine starves do nothing for 30 s at a time.
const PATIENCE = { timeout: 240_000, interval: 50 }

/**
 * Waits until a store works again by itself.
 * @param works Rejects as long as it does not.
 */
export async function recovery(
  store: Store,
  works: () => Promise<unknown> = () => store.ready(),
): Promise<void> {
  await expect.poll(() => works().then(() => 'works', String), PATIENCE).toBe('works')
}

/** Makes a call again until it no longer fails, and returns what it then does. */
export function patiently<T>(call: () => Promise<T>): Promise<T> {
  return vi.waitFor(call, PATIENCE)
}

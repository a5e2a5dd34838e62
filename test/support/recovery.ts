import { expect, vi } from 'vitest'
import type { Store } from '../../src/store/store.ts'

const PATIENCE = { timeout: 60_000, interval: 50 }

/**
 * Waits until a store works again by itself.
 * @param works Rejects as long as it does not.
 */
export async function recovery(
  store: Store,
  works: () => Promise<unknown> = () => store.ready(),
): Promise<void> {
  await expect.poll(() => works().then(() => 'works', String)).toBe('works')
}

/** Makes a call again until it no longer fails, and returns what it then does. */
export function patiently<T>(call: () => Promise<T>): Promise<T> {
  return vi.waitFor(call, PATIENCE)
}

import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Store } from '../../src/store/store.ts'

const PAUSE_MS = 50
const ATTEMPTS = 4000

/**
 * Waits until a store works again by itself.
 * @param works Rejects as long as it does not.
 */
export async function recovery(
  store: Store,
  works: () => Promise<unknown> = () => store.ready(),
): Promise<void> {
  const timeout = ATTEMPTS * PAUSE_MS
  await expect.poll(() => works().then(() => 'works', String), { timeout }).toBe('works')
}

/**
 * Makes a call again until it no longer fails, and returns what it then does. The pause comes after the failure: calls
 * at a fixed rate would keep a slow process too busy to connect again.
 */
export async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call()
    } catch (error) {
      if (attempt === ATTEMPTS) throw error
      await sleep(PAUSE_MS)
    }
  }
}

import type { Redis } from 'ioredis'
import { storeUnavailable } from './errors.ts'

/**
 * Returns the warnings about all masters, each line once.
 *
 * @param masters The servers that accept writes.
 * @param warningsOf Inspects one of them.
 * @throws DomainError `store_unavailable`.
 */
export async function collectWarnings(
  masters: readonly Redis[],
  warningsOf: (master: Redis) => Promise<readonly string[]>,
): Promise<string[]> {
  try {
    const found = await Promise.all(masters.map(warningsOf))
    return [...new Set(found.flat())]
  } catch (error) {
    throw storeUnavailable(error)
  }
}

import { DomainError } from '../errors.ts'
import type { Store } from '../store/store.ts'

/** A store whose data can be replaced by that of an empty one, and which can be away. */
export interface ReplaceableStore extends Store {
  /** Goes on with another store, and closes the one before. */
  replace(next: Store): Promise<void>
}

/**
 * Wraps a store.
 *
 * @param isAway Whether it cannot be reached, so that every operation fails with `store_unavailable`.
 */
export function createReplaceableStore(first: Store, isAway: () => boolean): ReplaceableStore {
  let current = first

  async function reached(): Promise<Store> {
    if (isAway())
      throw new DomainError('store_unavailable', { cause: new Error('a test asked for this fault') })
    return current
  }

  return {
    secrets: part(() => current.secrets, reached),
    imports: part(() => current.imports, reached),
    accounts: part(() => current.accounts, reached),
    rates: part(() => current.rates, reached),
    roots: part(() => current.roots, reached),
    ready: async () => (await reached()).ready(),
    reachable: async () => (await reached()).reachable(),
    measure: async () => (await reached()).measure(),
    // They say how data may be lost, such as in a folder in memory, where a store for tests belongs.
    warnings: async () => [],
    close: () => current.close(),
    async replace(next) {
      const previous = current
      current = next
      await previous.close()
    },
  }
}

type Operation = (...args: unknown[]) => unknown

// A proxy, because what is called is known only then. The iterables of a store are for the command line, not for requests.
function part<Part extends object>(currentPart: () => Part, reached: () => Promise<unknown>): Part {
  return new Proxy(currentPart(), {
    get(_, name) {
      return async (...args: unknown[]) => {
        await reached()
        const target = currentPart()
        return (Reflect.get(target, name) as Operation).apply(target, args)
      }
    },
  })
}

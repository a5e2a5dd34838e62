import { type RootStore, withNewest } from '../roots.ts'
import type { Tables } from './tables.ts'

/** Creates the store of root keys on the opened tables. */
export function createRootStore({ environment, roots }: Tables): RootStore {
  const read = () => roots.get('recorded') ?? []
  return {
    recorded: async () => [...environment.read(read)],

    record: (root, known) =>
      environment.transact(() => {
        const next = withNewest(read(), root, known)
        if (next === undefined) return false
        if (read()[0]?.id !== root.id) void roots.put('recorded', next)
        return true
      }),
  }
}

import type { RootStore } from '../roots.ts'
import { ROOTS } from './keys.ts'
import { loadScript, type RunScript } from './scripts.ts'

const record = loadScript('roots/record', { confirmed: true })
const recorded = loadScript('roots/recorded', { confirmed: false })

type RootReply = [id: Buffer, number: number, check: Buffer]

/** Creates the store of root keys in Redis. */
export function createRootStore(run: RunScript): RootStore {
  return {
    async recorded() {
      const roots = (await run(recorded, [ROOTS], [])) as RootReply[]
      return roots.sort(([, a], [, b]) => b - a).map(([id, , check]) => ({ id: String(id), check }))
    },

    async record({ id, check }, known) {
      return (await run(record, [ROOTS], [id, check, `,${known.join()},`])) === 1
    },
  }
}

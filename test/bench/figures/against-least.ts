import type { Figure } from '../figure.ts'
import { createAndReveal, warmUp } from '../pairs.ts'
import { interleave } from '../rounds.ts'
import type { Goal } from '../samples.ts'
import type { StoreName } from '../stage.ts'

const OURS = 'Emberlink'
const LEAST = 'least'
const SEALED = 'least, sealed'

/** Creates and reveals against the least that the promises need, with encryption and without. */
export function againstLeast(store: StoreName): Figure {
  return {
    summary: `create and reveal on ${store}, against a bare Fastify with one round trip (test/bench/baseline)`,
    takes: 95,
    async measure(stage, { rounds, seconds }) {
      const settings = await stage.settingsFor(store)
      const servers = {
        [OURS]: await stage.emberlink({ settings }),
        [LEAST]: await stage.baseline({ settings }),
        [SEALED]: await stage.baseline({ settings: { ...settings, SEALING: 'on' } }),
      }
      for (const server of Object.values(servers)) await warmUp(server)
      const turns = Object.entries(servers).map(([name, server]) => [name, createAndReveal(server, seconds)])
      const measured = await interleave<'create' | 'reveal'>(rounds, Object.fromEntries(turns))
      return (['create', 'reveal'] as const).map((part) => ({
        title: `${part}, ${store}`,
        samples: measured[part],
        goals: GOALS,
      }))
    },
  }
}

const GOALS: readonly Goal[] = [LEAST, SEALED].flatMap((to): Goal[] => [
  { metric: 'rate', of: OURS, to, bound: { atLeast: 0.9 } },
  { metric: 'cpu', of: OURS, to, bound: { atMost: 1.15 } },
])

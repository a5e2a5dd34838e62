import type { Figure } from '../figure.ts'
import { createAndReveal, warmUp } from '../pairs.ts'
import { interleave } from '../rounds.ts'
import type { StoreName } from '../stage.ts'

/** Creates and reveals with this build, against another one. */
export function builds(store: StoreName): Figure {
  return {
    summary: `create and reveal on ${store} with this build, against another one`,
    takes: 60,
    onRequest: 'needs --before',
    async measure(stage, { rounds, seconds, before }) {
      const settings = await stage.settingsFor(store)
      const old = await stage.emberlink({ settings, build: before })
      const now = await stage.emberlink({ settings })
      for (const server of [old, now]) await warmUp(server)
      const measured = await interleave(rounds, {
        before: createAndReveal(old, seconds),
        after: createAndReveal(now, seconds),
      })
      return (['create', 'reveal'] as const).map((part) => ({
        title: `${part} before and after, ${store}`,
        samples: measured[part],
        goals: [
          { metric: 'cpu', of: 'after', to: 'before' },
          { metric: 'rate', of: 'after', to: 'before' },
        ],
      }))
    },
  }
}

import type { Figure } from '../figure.ts'
import { createAndReveal, warmUp } from '../pairs.ts'
import { interleave, type Turn } from '../rounds.ts'
import { seed } from '../seed.ts'
import type { StoreName } from '../stage.ts'

const FILLED = { empty: 0, '10 thousand': 10_000, '1 million': 1_000_000 }

/** Creates and reveals beside many secrets that nobody has read yet. */
export function liveSecrets(store: StoreName): Figure {
  return {
    summary: `create and reveal beside 0, 10 thousand and 1 million unread secrets on ${store}`,
    takes: 75,
    async measure(stage, { rounds, seconds }) {
      const folder = await stage.folder()
      const turns: Record<string, Turn<'create' | 'reveal'>> = {}
      for (const [name, count] of Object.entries(FILLED)) {
        const settings = { ...(await stage.settingsFor(store)), DATA_DIR: `${folder}/${count}` }
        const server = await stage.emberlink({ settings })
        await seed(settings, { count })
        await warmUp(server)
        turns[name] = createAndReveal(server, seconds / 2)
      }
      const measured = await interleave(rounds, turns)
      return (['create', 'reveal'] as const).map((part) => ({
        title: `${part} beside unread secrets, ${store}`,
        samples: measured[part],
        goals: [
          { metric: 'rate', of: '10 thousand', to: 'empty', bound: { atLeast: 0.95 } },
          { metric: 'rate', of: '1 million', to: 'empty', bound: { atLeast: 0.95 } },
        ],
      }))
    },
  }
}

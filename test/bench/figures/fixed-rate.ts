import type { Figure } from '../figure.ts'
import { openLoop } from '../open-loop.ts'
import { warmUp } from '../pairs.ts'
import { interleave } from '../rounds.ts'
import type { StoreName } from '../stage.ts'

/** How long requests take that arrive at a fixed rate. */
export function fixedRate(store: StoreName): Figure {
  return {
    summary: `requests that arrive at a fixed rate (--rate) on ${store}, against the sealed baseline`,
    takes: 40,
    async measure(stage, { rounds, seconds, rate }) {
      const settings = await stage.settingsFor(store)
      const ours = await stage.emberlink({ settings })
      const least = await stage.baseline({ settings: { ...settings, SEALING: 'on' } })
      for (const server of [ours, least]) await warmUp(server)
      const { requests } = await interleave(rounds, {
        Emberlink: async () => ({ requests: await openLoop(ours, rate, seconds) }),
        'least, sealed': async () => ({ requests: await openLoop(least, rate, seconds) }),
      })
      return [
        {
          title: `create and reveal, ${rate} requests a second, ${store}`,
          samples: requests,
          goals: [{ metric: 'p99', of: 'Emberlink', to: 'least, sealed' }],
        },
      ]
    },
  }
}

import type { Figure } from '../figure.ts'
import { createAndReveal, warmUp } from '../pairs.ts'
import { interleave } from '../rounds.ts'

/** Creates and reveals with two workers, against one process. */
export const workers: Figure = {
  summary: 'CPU per request with WORKERS=2 on redis, against 1',
  takes: 35,
  async measure(stage, { rounds, seconds }) {
    const settings = await stage.settingsFor('redis')
    const one = await stage.emberlink({ settings })
    const two = await stage.emberlink({ settings: { ...settings, WORKERS: '2' } })
    for (const server of [one, two]) await warmUp(server)
    const measured = await interleave(rounds, {
      '1 worker': createAndReveal(one, seconds / 2),
      '2 workers': createAndReveal(two, seconds / 2),
    })
    return (['create', 'reveal'] as const).map((part) => ({
      title: `${part} with workers, redis`,
      samples: measured[part],
      goals: [
        { metric: 'cpu', of: '2 workers', to: '1 worker', bound: { atMost: 1.1 } },
        { metric: 'rate', of: '2 workers', to: '1 worker' },
      ],
    }))
  },
}

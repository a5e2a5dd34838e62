import type { Figure } from '../figure.ts'
import { createAndReveal, warmUp } from '../pairs.ts'
import { v1, v2 } from '../requests.ts'
import { interleave } from '../rounds.ts'

/** Creates and reveals by version 2 of the API, against version 1. */
export const versions: Figure = {
  summary: 'create and reveal by v2, against v1, on redis',
  takes: 35,
  async measure(stage, { rounds, seconds }) {
    const server = await stage.emberlink({ settings: await stage.settingsFor('redis') })
    for (const api of [v1, v2]) await warmUp(server, api)
    const measured = await interleave(rounds, {
      v1: createAndReveal(server, seconds / 2, { api: v1 }),
      v2: createAndReveal(server, seconds / 2, { api: v2 }),
    })
    return (['create', 'reveal'] as const).map((part) => ({
      title: `${part} by v1 and v2, redis`,
      samples: measured[part],
      goals: [{ metric: 'cpu', of: 'v2', to: 'v1' }],
    }))
  },
}

import type { Figure } from '../figure.ts'
import { createAndReveal, warmUp } from '../pairs.ts'
import { interleave, type Turn } from '../rounds.ts'
import type { Goal, Sample } from '../samples.ts'
import type { BenchServer } from '../servers.ts'

const HALF = 32

const ONE = '1 worker'
const ONE_HALF = `1, ${HALF} conn.`
const TWO = '2 workers'
const APART = '2 servers'

/**
 * Creates and reveals with two workers, against one process. Beside it are what two workers cannot avoid: each has half of the
 * connections, so that fewer requests share a turn of its event loop; and two processes compete for the caches of the cores.
 */
export const workers: Figure = {
  summary:
    'CPU per request with WORKERS=2 on redis, against 1, and two servers of one process; with half of the connections each',
  takes: 80,
  async measure(stage, { rounds, seconds }) {
    const settings = await stage.settingsFor('redis')
    const one = await stage.emberlink({ settings })
    const two = await stage.emberlink({ settings: { ...settings, WORKERS: '2' } })
    const apart = [await stage.emberlink({ settings }), await stage.emberlink({ settings })]
    for (const server of [one, two, ...apart]) await warmUp(server)
    const measured = await interleave(rounds, {
      [ONE]: createAndReveal(one, seconds / 2),
      [TWO]: createAndReveal(two, seconds / 2),
      [ONE_HALF]: createAndReveal(one, seconds / 2, { connections: HALF }),
      [APART]: together(apart, seconds / 2),
    })
    return (['create', 'reveal'] as const).map((part) => ({
      title: `${part} with workers, redis`,
      samples: measured[part],
      goals: GOALS,
    }))
  },
}

const GOALS: readonly Goal[] = [
  { metric: 'cpu', of: TWO, to: ONE, bound: { atMost: 1.1 } },
  { metric: 'cpu', of: ONE_HALF, to: ONE },
  { metric: 'cpu', of: APART, to: ONE },
  { metric: 'cpu', of: TWO, to: APART },
  { metric: 'rate', of: TWO, to: ONE },
]

/** A turn in which servers that know nothing of each other share the connections. */
function together(servers: readonly BenchServer[], seconds: number): Turn<'create' | 'reveal'> {
  return async () => {
    const loads = servers.map((server) => createAndReveal(server, seconds, { connections: HALF })())
    const measured = await Promise.all(loads)
    return {
      create: sum(measured.map(({ create }) => create)),
      reveal: sum(measured.map(({ reveal }) => reveal)),
    }
  }
}

function sum(samples: readonly Sample[]): Sample {
  const rate = samples.reduce((total, { rate = 0 }) => total + rate, 0)
  const cpu = samples.reduce((total, { rate = 0, cpu = 0 }) => total + rate * cpu, 0) / rate
  return { rate, cpu }
}

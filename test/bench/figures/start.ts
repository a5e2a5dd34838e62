import { setTimeout as sleep } from 'node:timers/promises'
import type { Figure } from '../figure.ts'
import { interleave, type Turn } from '../rounds.ts'
import type { BenchServer } from '../servers.ts'

// Long enough for what a start leaves behind to be collected.
const IDLE_MS = 1000

/** A turn in which a server starts, does nothing, and stops. */
export function startAndIdle(start: () => Promise<BenchServer>): Turn<'start'> {
  return async () => {
    const server = await start()
    try {
      await sleep(IDLE_MS)
      return { start: { firstAnswer: server.firstAnswerMs, ...server.memory() } }
    } finally {
      await server.stop()
    }
  }
}

/** How long a start takes, and the memory of an idle server. */
export const start: Figure = {
  summary: 'from the start to the first answer, and memory when idle, on lmdb',
  takes: 20,
  async measure(stage, { rounds }) {
    const settings = await stage.settingsFor('lmdb')
    const { start } = await interleave(rounds, {
      Emberlink: startAndIdle(() => stage.emberlink({ settings })),
      least: startAndIdle(() => stage.baseline({ settings })),
    })
    return [
      {
        title: 'start, lmdb',
        samples: start,
        goals: [
          { metric: 'firstAnswer', of: 'Emberlink', bound: { atMost: 350 } },
          { metric: 'rss', of: 'Emberlink', bound: { atMost: 80 } },
        ],
      },
    ]
  },
}

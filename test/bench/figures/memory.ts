import { createSecrets, revealSecrets } from '../closed-loop.ts'
import type { Figure } from '../figure.ts'

const REQUESTS = 1_000_000
const PORTION = 50_000

/** The memory of a server after many requests. */
export const memory: Figure = {
  summary: 'memory before and after 1 million requests, on redis',
  takes: 140,
  async measure(stage) {
    const server = await stage.emberlink({ settings: await stage.settingsFor('redis') })
    const idle = server.memory()
    for (let sent = 0; sent < REQUESTS; sent += 2 * PORTION) {
      const keys: string[] = []
      await createSecrets(server, { amount: PORTION }, { keys })
      await revealSecrets(server, keys)
    }
    return [
      {
        title: 'memory, redis',
        samples: { idle: [idle], 'after 1 million': [server.memory()] },
        goals: [
          { metric: 'rss', of: 'idle', bound: { atMost: 80 } },
          { metric: 'rss', of: 'after 1 million', bound: { atMost: 130 } },
        ],
      },
    ]
  },
}

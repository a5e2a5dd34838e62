import { createSecrets } from '../closed-loop.ts'
import type { Figure } from '../figure.ts'
import { openLoop } from '../open-loop.ts'
import { warmUp } from '../pairs.ts'
import { v1WithPassphrase } from '../requests.ts'
import { interleave } from '../rounds.ts'

const RATE = 200
const CONNECTIONS = 8

/** How long requests without a passphrase take while passphrases keep Argon2 busy. */
export const saturation: Figure = {
  summary: `${RATE} requests a second without passphrase on redis, while Argon2 is saturated and while it is idle`,
  takes: 35,
  async measure(stage, { rounds, seconds }) {
    const server = await stage.emberlink({ settings: await stage.settingsFor('redis') })
    await warmUp(server)
    const { requests } = await interleave(rounds, {
      idle: async () => ({ requests: await openLoop(server, RATE, seconds) }),
      saturated: async () => {
        const passphrases = createSecrets(
          server,
          { duration: seconds + 1 },
          { api: v1WithPassphrase, connections: CONNECTIONS },
        )
        const { cpu: _, ...requests } = await openLoop(server, RATE, seconds)
        await passphrases
        return { requests }
      },
    })
    return [
      {
        title: `${RATE} requests a second without passphrase, redis`,
        samples: requests,
        goals: [{ metric: 'p99', of: 'saturated', to: 'idle', bound: { atMost: 2 } }],
      },
    ]
  },
}

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createSecrets } from '../closed-loop.ts'
import type { Figure } from '../figure.ts'
import { v1WithPassphrase } from '../requests.ts'
import { interleave } from '../rounds.ts'

const RAW = fileURLToPath(new URL('../raw-argon2.js', import.meta.url))
const CONNECTIONS = 16

/** Creates secrets with a passphrase, against the raw rate of the argon2 package. */
export const passphrases: Figure = {
  summary: 'create with a passphrase on redis, against the raw rate of the argon2 package',
  takes: 30,
  async measure(stage, { rounds, seconds }) {
    const server = await stage.emberlink({ settings: await stage.settingsFor('redis') })
    const options = { api: v1WithPassphrase, connections: CONNECTIONS }
    await createSecrets(server, { duration: 1 }, options)
    const { create } = await interleave(rounds, {
      Emberlink: async () => ({ create: await createSecrets(server, { duration: seconds }, options) }),
      argon2: async () => ({ create: { rate: await rawRate(seconds) } }),
    })
    return [
      {
        title: 'create with a passphrase, redis',
        samples: create,
        goals: [{ metric: 'rate', of: 'Emberlink', to: 'argon2', bound: { atLeast: 0.95 } }],
      },
    ]
  },
}

async function rawRate(seconds: number): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [RAW, String(seconds)])
  return Number(stdout)
}

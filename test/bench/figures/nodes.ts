import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Figure } from '../figure.ts'
import { createAndReveal, warmUp } from '../pairs.ts'
import { interleave, type Turn } from '../rounds.ts'
import { startAndIdle } from './start.ts'

/** Creates and reveals under several versions of Node.js. */
export const nodes: Figure = {
  summary:
    'create and reveal on redis, start and idle memory on both stores, under several versions of Node.js (--node)',
  takes: 140,
  onRequest: 'downloads them from npm',
  async measure(stage, { rounds, seconds, nodes }) {
    const settings = await stage.settingsFor('redis')
    const loads: Record<string, Turn<'create' | 'reveal'>> = {}
    const embedded = await stage.settingsFor('lmdb')
    const starts: Record<string, Turn<'start'>> = {}
    for (const version of nodes) {
      const node = await programOf(version)
      const server = await stage.emberlink({ settings, node })
      await warmUp(server)
      loads[`Node ${version}`] = createAndReveal(server, seconds)
      starts[`${version}, redis`] = startAndIdle(() => stage.emberlink({ settings, node }))
      starts[`${version}, lmdb`] = startAndIdle(() => stage.emberlink({ settings: embedded, node }))
    }
    const measured = await interleave(rounds, loads)
    const { start } = await interleave(rounds, starts)
    return [
      { title: 'create by version of Node.js, redis', samples: measured.create, goals: [] },
      { title: 'reveal by version of Node.js, redis', samples: measured.reveal, goals: [] },
      {
        title: 'start by version of Node.js',
        samples: start,
        goals: Object.keys(starts).flatMap((of) => [
          { metric: 'firstAnswer' as const, of, bound: { atMost: 350 } },
          { metric: 'rss' as const, of, bound: { atMost: 80 } },
        ]),
      },
    ]
  },
}

async function programOf(version: string): Promise<string> {
  const args = ['-y', '-p', `node@${version}`, 'node', '-p', 'process.execPath']
  const { stdout } = await promisify(execFile)('npx', args)
  return stdout.trim()
}

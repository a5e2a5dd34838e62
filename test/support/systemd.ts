import { spawnSync } from 'node:child_process'
import { fetchPrograms } from './debian.ts'

/** Runs systemd-analyze to its end. */
export type Analyzer = (...args: string[]) => { readonly status: number | null; readonly output: string }

/** Returns the systemd-analyze of this machine, or fetches one. */
export async function findAnalyzer(): Promise<Analyzer> {
  const { program, env } = await findProgram()
  return (...args) => {
    const options = { encoding: 'utf8', env: { ...process.env, ...env } } as const
    const { status, stdout, stderr } = spawnSync(program, args, options)
    return { status, output: stdout + stderr }
  }
}

async function findProgram(): Promise<{ program: string; env: NodeJS.ProcessEnv }> {
  if (spawnSync('systemd-analyze', ['--version']).status === 0) return { program: 'systemd-analyze', env: {} }
  const { bin, env } = await fetchPrograms('systemd', ['systemd'])
  const folders = env.LD_LIBRARY_PATH.split(':').flatMap((path) => [path, `${path}/systemd`])
  return { program: `${bin}systemd-analyze`, env: { LD_LIBRARY_PATH: folders.join(':') } }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { freePort } from '../support/redis-process.ts'
import { temporaryFolder } from './emberlink.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Returns the id of the process that listens and logs, from its first line of JSON. */
function serverOf(output: string): number | undefined {
  const line = output.split('\n').find((line) => line.startsWith('{') && line.includes('listening'))
  return line === undefined ? undefined : (JSON.parse(line) as { pid: number }).pid
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

it.each(['SIGTERM', 'SIGINT'] as const)(
  'npm start passes %s on, and leaves no server behind',
  async (signal) => {
    const { PATH = '', HOME = '' } = process.env
    const env = { PATH, HOME, DATA_DIR: await temporaryFolder(), PORT: String(await freePort()) }
    // Without `prestart`: the server is built already, and other tests run it.
    const npm = spawn('npm', ['start', '--ignore-scripts'], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void npm.kill('SIGKILL'))
    let output = ''
    npm.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    const ended = once(npm, 'exit')
    await expect.poll(() => serverOf(output)).toBeGreaterThan(0)
    const server = serverOf(output) ?? 0
    onTestFinished(() => void (isAlive(server) && process.kill(server, 'SIGKILL')))
    npm.kill(signal)
    await ended
    // npm may exit before the process that it ran.
    await expect.poll(() => isAlive(server)).toBe(false)
  },
)

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('../../../../', import.meta.url))

/** A server in a process of its own. */
export interface BenchServer {
  readonly url: string
  /** Processor seconds that the process has used. */
  cpu(): Promise<number>
  stop(): Promise<void>
}

// Both run as `npm start` runs.
const NODE_FLAGS = ['--max-semi-space-size=32']

/**
 * Starts Emberlink as an operator does, with rate limits too high to be spent: requests are still counted.
 * @param settings Settings by their names in the environment, on top of a data folder of its own.
 */
export function startEmberlink(settings: Record<string, string>): Promise<BenchServer> {
  const limit = '900000000/1'
  return startProcess(join(repository, 'dist/main.js'), {
    RATE_LIMIT: `create=${limit},reveal=${limit}`,
    ...settings,
  })
}

/**
 * Starts the bare Fastify route that figures are compared with.
 * @param settings `REDIS_URL`, or nothing for LMDB.
 */
export function startBaseline(settings: Record<string, string>): Promise<BenchServer> {
  return startProcess(fileURLToPath(new URL('baseline.js', import.meta.url)), settings)
}

async function startProcess(script: string, settings: Record<string, string>): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'emberlink-bench-'))
  const port = await freePort()
  const child = spawn(process.execPath, [...NODE_FLAGS, script], {
    env: { PATH: process.env['PATH'], DATA_DIR: folder, PORT: String(port), ...settings },
    stdio: ['ignore', 'ignore', 'inherit'],
    cwd: folder,
  })
  const url = `http://127.0.0.1:${port}`
  await untilAnswers(url, child)
  return {
    url,
    cpu: () => processorSeconds(child.pid ?? 0),
    async stop() {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function untilAnswers(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (child.exitCode !== null) throw new Error('the server did not start')
    const answer = await fetch(`${url}/health/live`).catch(() => undefined)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the server did not answer')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

// utime and stime in ticks of 10 ms: proc(5), fields 14 and 15.
async function processorSeconds(pid: number): Promise<number> {
  const { readFile } = await import('node:fs/promises')
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

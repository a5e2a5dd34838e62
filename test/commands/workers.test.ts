import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { availableCores } from '../../src/server/available-cores.ts'
import { api } from '../api/client.ts'
import { exchange } from '../support/wire.ts'
import { type Serving, serve, temporaryFolder } from './emberlink.ts'

/** Returns the ids of the processes that have answered requests, as far as the log says. */
function workersOf(server: Serving): Set<number> {
  const lines = server
    .output()
    .split('\n')
    .filter((line) => line.includes('"answered"'))
  return new Set(lines.map((line) => (JSON.parse(line) as { pid: number }).pid))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Asks until it is true, because log lines are written in the background. */
async function until(isTrue: () => boolean, ask: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error('it has not come true in time')
    await ask()
  }
}

describe('two workers on the embedded store', () => {
  it('F1: share the requests, let one claim win, replace a killed worker, and end on SIGTERM (docs/api/v1.md section 6)', async () => {
    const DATA_DIR = await temporaryFolder()
    const server = await serve({ DATA_DIR, WORKERS: '2', RATE_LIMIT: 'off', LOG_LEVEL: 'debug' })
    // A connection that was just handed to a process that is killed may never be answered.
    const status = () =>
      fetch(`${server.url}/api/v1/status`, {
        headers: { connection: 'close' },
        signal: AbortSignal.timeout(10_000),
      })
    await until(
      () => workersOf(server).size === 2,
      () => Promise.all(Array.from({ length: 10 }, status)),
    )

    for (let round = 0; round < 10; round += 1) {
      const { body } = await api(server).post('/share', { secret: 'a' })
      const reveal = `POST /api/v1/secret/${body.secret_key} HTTP/1.1\nContent-Length: 0`
      const burn = `POST /api/v1/private/${body.metadata_key}/burn HTTP/1.1\nContent-Length: 0`
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => exchange(server.url, index % 5 === 0 ? burn : reveal)),
      )
      expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
    }

    const before = workersOf(server)
    const [victim = 0] = before
    process.kill(victim, 'SIGKILL')
    await until(
      () => [...workersOf(server)].some((pid) => !before.has(pid)),
      () => Promise.all(Array.from({ length: 10 }, () => status().catch(() => 'it died with it'))),
    )
    const { body } = await api(server).post('/share', { secret: 'still here' })
    expect((await api(server).post(`/secret/${body.secret_key}`)).body.value).toBe('still here')

    expect(await server.stop()).toMatchObject({ code: 0, stderr: '' })
    await expect(status()).rejects.toThrow('fetch failed')
    for (const pid of workersOf(server)) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })

  it('finish what is under way when the signal reaches every process, as systemd and terminals send it', async () => {
    const server = await serve({ DATA_DIR: await temporaryFolder(), WORKERS: '2', LOG_LEVEL: 'debug' })
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    const head = `POST /api/v1/share HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: 8\r\nConnection: close\r\n\r\n`
    socket.write(`${head}secr`)
    await until(
      () => workersOf(server).size === 2,
      () => fetch(`${server.url}/health/live`, { headers: { connection: 'close' } }),
    )
    const workers = workersOf(server)
    for (const pid of [...workers, server.process.pid ?? 0]) process.kill(pid, 'SIGTERM')
    await sleep(200)
    for (const pid of workers) if (isAlive(pid)) process.kill(pid, 'SIGTERM')
    await sleep(200)
    socket.write('et=a')
    expect(await text(socket)).toMatch(/^HTTP\/1.1 200 /)
    expect(await server.ended).toMatchObject({ code: 0 })
  })
})

it('WORKERS=auto starts a worker for each available core, and the log says how many', async () => {
  const server = await serve({ DATA_DIR: await temporaryFolder(), WORKERS: 'auto' })
  expect((await api(server).get('/status')).status).toBe(200)
  expect((await server.stop()).code).toBe(0)
  const started = /starts (\d+) workers/.exec(server.output())?.[1]
  // With one core the server is a single process.
  expect(Number(started ?? 1)).toBe(availableCores())
})

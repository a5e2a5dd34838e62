import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { api } from '../api/client.ts'
import { run, type Serving, serve, start, temporaryFolder } from '../commands/emberlink.ts'

const LOCK_HOLDER = fileURLToPath(new URL('lmdb-holder.mjs', import.meta.url))
const FRAIL = fileURLToPath(new URL('frail-workers.mjs', import.meta.url))

describe('a worker that exits before it listens', () => {
  it.each(['killed', 'crashed', '1'])(
    'is started again when it was %s, until one listens, whatever message comes with its root keys',
    async (way) => {
      const { code, stdout } = await start(['3', way], {}, FRAIL).ended
      expect({ code, ...JSON.parse(stdout) }).toEqual({ code: 0, started: 4, status: 0 })
    },
  )

  it('ends all workers when its configuration cannot start', async () => {
    const { code, stdout } = await start(['1', '78'], {}, FRAIL).ended
    expect({ code, ...JSON.parse(stdout) }).toEqual({ code: 0, started: 1, status: 1 })
  })
})

describe('a worker that is killed', () => {
  it('leaves no client waiting whose connection it had been offered and has not accepted', async () => {
    const server = await serve({
      DATA_DIR: await temporaryFolder(),
      WORKERS: '2',
      RATE_LIMIT: 'off',
      LOG_LEVEL: 'debug',
    })
    await expect
      .poll(async () => {
        await fresh(server, '/api/v1/status')
        return pidsOf(server).size
      })
      .toBe(2)
    const [victim = 0] = pidsOf(server)
    process.kill(victim, 'SIGSTOP')
    // Workers take new connections in turns, so that one of these is answered and one is not.
    const answers = [1, 2].map(() => fresh(server, '/api/v1/status', { signal: AbortSignal.timeout(60_000) }))
    await Promise.any(answers)
    process.kill(victim, 'SIGKILL')
    const ends = await Promise.allSettled(answers)
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const [error] = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))
    expect(error.name).toBe('TypeError')
    // A worker that starts while its primary is killed would write lines of Node.js.
    expect((await server.stop()).code).toBe(0)
  })
})

describe('a primary that is killed', () => {
  it('takes its workers with it, although a thread of theirs waits for the write lock', async () => {
    const DATA_DIR = await temporaryFolder()
    const server = await serve({ DATA_DIR, WORKERS: '2', RATE_LIMIT: 'off', LOG_LEVEL: 'debug' })
    await expect
      .poll(async () => {
        await fresh(server, '/api/v1/status')
        return pidsOf(server).size
      })
      .toBe(2)
    const workers = [...pidsOf(server)]
    onTestFinished(() => {
      for (const pid of workers.filter(isAlive)) process.kill(pid, 'SIGKILL')
    })
    const holder = spawn(process.execPath, [LOCK_HOLDER, join(DATA_DIR, 'secrets.mdb')])
    onTestFinished(() => void holder.kill('SIGKILL'))
    await once(createInterface(holder.stdout), 'line')
    const shares = Array.from({ length: 4 }, () =>
      fresh(server, '/api/v1/share?secret=a', { method: 'POST' }).catch(() => 'cut off'),
    )
    await sleep(200)
    server.process.kill('SIGKILL')
    await expect.poll(() => workers.filter(isAlive)).toEqual([])
    expect(await Promise.all(shares)).toEqual(shares.map(() => 'cut off'))
  })
})

describe('F31: two workers after a rotation of the root key', () => {
  it('hold one ring, also when one of them has been replaced', async () => {
    const DATA_DIR = await temporaryFolder()
    const server = await serve({ DATA_DIR, WORKERS: '2', RATE_LIMIT: 'off', LOG_LEVEL: 'debug' })
    expect((await run(['rootkey', 'rotate'], { DATA_DIR })).code).toBe(0)
    expect(readFileSync(join(DATA_DIR, 'root.key'), 'utf8').trim().split('\n')).toHaveLength(2)
    await expect
      .poll(async () => {
        await fresh(server, '/api/v1/status')
        return pidsOf(server).size
      })
      .toBe(2)
    const before = pidsOf(server)
    process.kill([...before][0] ?? 0, 'SIGKILL')
    await expect
      .poll(async () => {
        await fresh(server, '/api/v1/status').catch(() => 'it died with it')
        return [...pidsOf(server)].some((pid) => !before.has(pid))
      })
      .toBe(true)
    // Either worker creates, and either reveals.
    const reveals = Array.from({ length: 60 }, async () => {
      const { secret_key } = (await api(server, { connection: 'close' }).post('/share', { secret: 'a' })).body
      return (await fresh(server, `/api/v1/secret/${secret_key}`, { method: 'POST' })).status
    })
    expect(new Set(await Promise.all(reveals))).toEqual(new Set([200]))
    expect((await server.stop()).code).toBe(0)
  })
})

/**
 * Makes a request on a connection of its own, so that any worker may get it. One that was handed to a worker that is
 * killed may never be answered.
 */
function fresh(server: Serving, path: string, init: RequestInit = {}): Promise<Response> {
  const signal = AbortSignal.timeout(10_000)
  return fetch(server.url + path, { signal, ...init, headers: { connection: 'close' } })
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function pidsOf(server: Serving): Set<number> {
  const lines = server
    .output()
    .split('\n')
    .filter((line) => line.includes('"answered"'))
  return new Set(lines.map((line) => (JSON.parse(line) as { pid: number }).pid))
}

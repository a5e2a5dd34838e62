import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api } from '../api/client.ts'
import { type Serving, serve, temporaryFolder } from '../commands/emberlink.ts'
import { strayLines } from '../support/json-log.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { ROOT_KEY } from '../support/root-keys.ts'

const KEY = 'k3y'.repeat(11).slice(0, 31)

/** Makes a process print at SIGUSR2 what libraries and Node.js print. */
const CHATTY = `
  process.on('SIGUSR2', () => {
    console.log('plain %s', 'log')
    console.warn('two\\nlines')
    console.error(new Error('at redis://me:hunter2@cache.example:6379/0 for ana@example.com and ${KEY}'))
    process.stdout.write('no line end')
    process.stdout.write(new Uint8Array([98, 121, 116, 101, 115, 10]), () => process.stderr.write('written'))
    process.emitWarning('old and tired', 'DeprecationWarning', 'DEP0999')
  })`

const REJECTION = `process.on('SIGUSR2', () => void Promise.reject(new Error('hunter2')))`
const EXCEPTION = `process.on('SIGUSR2', () => { throw new TypeError('hunter2') })`

/** Serves with a module that is loaded into each process before the server. */
async function serveWith(script: string, settings: Readonly<Record<string, string>> = {}): Promise<Serving> {
  const folder = await temporaryFolder()
  const path = join(folder, 'preload.mjs')
  await writeFile(path, script)
  return serve({ DATA_DIR: join(folder, 'data'), NODE_OPTIONS: `--import=${path}`, ...settings })
}

interface LogLine {
  readonly level: number
  readonly pid: number
  readonly msg: string
  readonly [field: string]: unknown
}

function linesOf(log: string): LogLine[] {
  return log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

describe('F37: what libraries and Node.js print is in the log', () => {
  it('as lines of JSON with their source, without addresses, passwords and keys', async () => {
    const server = await serveWith(CHATTY)
    server.process.kill('SIGUSR2')
    await expect.poll(server.output, { timeout: 5000 }).toContain('DEP0999')
    const end = await server.stop()
    const lines = linesOf(end.stdout)
    expect(lines).toContainEqual(expect.objectContaining({ level: 30, source: 'stdout', msg: 'plain log' }))
    expect(lines).toContainEqual(expect.objectContaining({ level: 40, source: 'stderr', msg: 'two\nlines' }))
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 40, msg: expect.stringMatching(/^Error: at … for … and …\n/) }),
    )
    for (const msg of ['no line end', 'bytes', 'written'])
      expect(lines).toContainEqual(expect.objectContaining({ msg }))
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 40,
        source: 'node',
        code: 'DEP0999',
        msg: 'DeprecationWarning: old and tired',
      }),
    )
    expect(end).toMatchObject({ code: 0, stderr: '' })
    expect(end.stdout).not.toMatch(/hunter2|cache\.example|ana@|k3y/)
  })

  it('from the workers, too', async () => {
    const server = await serveWith(CHATTY, { WORKERS: '2' })
    await expect.poll(server.output, { timeout: 5000 }).toContain('listening at')
    const worker = linesOf(server.output()).find(({ msg }) => msg.includes('listening at'))?.pid ?? 0
    process.kill(worker, 'SIGUSR2')
    server.process.kill('SIGUSR2')
    await expect.poll(() => server.output().match(/DEP0999/g)?.length, { timeout: 5000 }).toBe(2)
    const { stdout, stderr } = await server.stop()
    const chatty = linesOf(stdout).filter(({ source }) => source === 'node')
    expect(chatty.map(({ pid }) => pid).sort()).toEqual([worker, server.process.pid].sort())
    expect(stderr).toBe('')
  })

  it.each([
    ['an exception', EXCEPTION, 'TypeError', 'uncaughtException'],
    ['a rejection', REJECTION, 'Error', 'unhandledRejection'],
  ])(
    'before the end of a process by %s that nothing caught, without its message',
    async (_, script, type, origin) => {
      const server = await serveWith(script)
      server.process.kill('SIGUSR2')
      const { code, stdout, stderr } = await server.ended
      expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
      // A write that was under way may end after it.
      expect(linesOf(stdout).filter(({ level }) => level === 60)).toMatchObject([
        { origin, err: { type, at: expect.any(Array) } },
      ])
      expect(stdout).not.toContain('hunter2')
    },
  )

  it('also when it is a worker that ends, and another one replaces it', async () => {
    const server = await serveWith(EXCEPTION, { WORKERS: '2' })
    await expect.poll(server.output, { timeout: 5000 }).toContain('listening at')
    const worker = linesOf(server.output()).find(({ msg }) => msg.includes('listening at'))?.pid ?? 0
    process.kill(worker, 'SIGUSR2')
    await expect.poll(() => server.output().match(/listening at/g)?.length, { timeout: 10_000 }).toBe(3)
    expect(linesOf(server.output())).toContainEqual(expect.objectContaining({ level: 60, pid: worker }))
    expect((await server.stop()).code).toBe(0)
  })
})

describe('F37: a user of Redis without the permission for INFO', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis()
    await redis.client.call('ACL', 'SETUSER', 'mute', 'on', '>hunter2', '~*', '&*', '+@all', '-info')
  })
  afterAll(() => redis.stop())

  it('can serve, and the warning of the client library is in the log, also after a reconnect', async () => {
    const REDIS_URL = `redis://mute:hunter2@127.0.0.1:${redis.port}`
    const server = await serve({ REDIS_URL, ROOT_KEY })
    const { post } = api(server)
    const { body } = await post('/share', { secret: 'kept' })
    await redis.kill()
    await redis.start()
    await redis.client.call('ACL', 'SETUSER', 'mute', 'on', '>hunter2', '~*', '&*', '+@all', '-info')
    await expect
      .poll(() => fetch(`${server.url}/health/ready`).then(({ status }) => status), { timeout: 20_000 })
      .toBe(200)
    expect((await post(`/secret/${body.secret_key}`)).body.value).toBe('kept')
    await sleep(50)
    const { stdout, stderr } = await server.stop()
    const warnings = linesOf(stdout).filter(({ msg }) => msg.includes('INFO command fails'))
    expect(warnings.length).toBeGreaterThan(1)
    expect(warnings[0]).toMatchObject({ level: 40, source: 'stderr' })
    expect(stderr).toBe('')
  })
})

describe('the check that every test with a server makes', () => {
  const line = '{"level":30,"time":1,"pid":2,"msg":"answered"}\n'
  it.each([
    ['stdout', `${line}Skipping the ready check\n${line}`],
    ['stderr', '(node:1) Warning: plain\n'],
    ['stdout', '{"url":"http://127.0.0.1"}\n'],
    ['stdout', 'cut'],
  ])('F37: finds what is not a line of the log on %s: %j', (stream, text) => {
    const end = { signal: null, stdout: line, stderr: '', [stream]: text }
    expect(strayLines(end)).toHaveLength(1)
    expect(strayLines({ ...end, [stream]: line })).toEqual([])
  })

  it('F37: forgives only the end of a line that a kill has cut off', () => {
    const end = { signal: 'SIGKILL', stderr: '' } as const
    expect(strayLines({ ...end, stdout: `${line}{"level":3` })).toEqual([])
    expect(strayLines({ ...end, stdout: `cut\n${line}` })).toEqual(['cut'])
  })
})

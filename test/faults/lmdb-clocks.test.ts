import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { api } from '../api/client.ts'
import { serve, temporaryFolder } from '../commands/emberlink.ts'
import { freePort } from '../support/redis-process.ts'

const DECADE_MS = 3650 * 24 * 3600 * 1000

/** Lets a process move its own wall clock: ten years ahead at the first SIGUSR2, back at the next one. */
const MOVABLE_CLOCK = `
  import { writeSync } from 'node:fs'
  const now = Date.now
  let offset = 0
  Date.now = () => now() + offset
  process.on('SIGUSR2', () => {
    offset = offset === 0 ? ${DECADE_MS} : 0
    writeSync(2, '{"level":30,"time":0,"pid":0,"msg":"moved"}\\n')
  })`

it('F32: loses no secret to a wrong step of the clock, and says so in readiness, log and metrics', async () => {
  const METRICS = `127.0.0.1:${await freePort()}`
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(MOVABLE_CLOCK)}`
  const server = await serve({ DATA_DIR: await temporaryFolder(), METRICS, NODE_OPTIONS })
  const { post } = api(server)
  const { secret_key } = (await post('/share', { secret: 'kept' })).body
  const move = async () => {
    const moved = once(server.process.stderr as NodeJS.ReadableStream, 'data')
    server.process.kill('SIGUSR2')
    await moved
    // What is known of readiness is shared for a second.
    await sleep(1100)
  }
  const skew = async () => {
    const page = await (await fetch(`http://${METRICS}/metrics`)).text()
    return /^emberlink_clock_skew_seconds (\S+)$/m.exec(page)?.[1]
  }
  const readiness = async () => {
    const answer = await fetch(`${server.url}/health/ready`)
    return { status: answer.status, body: await answer.json() }
  }

  expect(await skew()).toBe('Nan')
  await move()
  const jump = /the clock of this server has jumped 315360000 s ahead/
  expect(await readiness()).toEqual({
    status: 503,
    body: { status: 'unavailable', reason: expect.stringMatching(jump) },
  })
  expect(Number(await skew())).toBeCloseTo(-DECADE_MS / 1000, -1)
  expect((await post(`/secret/${secret_key}`)).status).toBe(503)
  await expect.poll(server.output).toMatch(/"warning":"the clock of this server has jumped/)

  await move()
  expect(await readiness()).toEqual({ status: 200, body: { status: 'ready' } })
  expect((await post(`/secret/${secret_key}`)).body.value).toBe('kept')
  expect((await server.stop()).code).toBe(0)
})

import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { GRACE_MS } from '../../../src/store/redis/grace.ts'
import { freePort } from '../../support/redis-process.ts'
import type { Figure, Measuring } from '../figure.ts'
import { arrive, distribution, percentiles } from '../open-loop.ts'
import { warmUp } from '../pairs.ts'
import type { Comparison, Sample } from '../samples.ts'
import { seed } from '../seed.ts'
import type { BenchServer } from '../servers.ts'

const SECRETS = 100_000
const IDLE_MS = 10_000
const SEED_MS = 30_000
/** From seeding the embedded store until all expires: a server starts and is warmed up meanwhile. */
const LEAD_MS = 90_000
// Redis deletes the rest slowly, once little of what it samples has expired; and meanwhile requests add records.
const MOST = 0.7
const POLL_MS = 100
const LONGEST_MS = 180_000

const TURNS = fileURLToPath(new URL('../sweep-turns.js', import.meta.url))
const SWEPT_SECRETS = 10_000

/** When something went on, on the clock of `performance.now`. */
interface Span {
  readonly from: number
  readonly to: number
}

/** How long requests take while Redis deletes secrets that expire all at once. */
export const expiryOnRedis: Figure = {
  summary: 'requests at a fixed rate while 100,000 secrets expire on redis, and before',
  takes: 100,
  async measure(stage, measuring) {
    const redis = await stage.redis()
    const settings = { ROOT_KEY: stage.rootKey, REDIS_URL: redis.url }
    const server = await stage.emberlink({ settings })
    await warmUp(server)
    // Redis keeps records longer than they are valid.
    const expireAt = Date.now() + SEED_MS + GRACE_MS
    await seed(settings, { count: SECRETS, expireAt: expireAt - GRACE_MS })
    const left = expireAt - IDLE_MS - Date.now()
    if (left < 0) throw new Error('this machine is too slow to store 100,000 secrets in time')
    await sleep(left)
    return compare(server, measuring, 'redis', async () => {
      await sleep(expireAt - Date.now())
      const from = performance.now()
      const full = await redis.client.dbsize()
      while ((await redis.client.dbsize()) > full - SECRETS * MOST) {
        if (performance.now() > from + LONGEST_MS) throw new Error('Redis did not delete what expired')
        await sleep(POLL_MS)
      }
      return { from, to: performance.now() }
    })
  },
}

/** How long requests take while a server deletes secrets that expire all at once. */
export const expiryOnLmdb: Figure = {
  summary: 'requests at a fixed rate while 100,000 secrets expire on lmdb, and before',
  takes: 180,
  async measure(stage, measuring) {
    const metrics = `127.0.0.1:${await freePort()}`
    const settings = {
      ...(await stage.settingsFor('lmdb')),
      DATA_DIR: await stage.folder(),
      METRICS: metrics,
    }
    // Creates the store; only a server does.
    await (await stage.emberlink({ settings })).stop()
    const expireAt = Date.now() + LEAD_MS
    await seed(settings, { count: SECRETS, expireAt })
    const server = await stage.emberlink({ settings })
    await warmUp(server)
    const left = expireAt - IDLE_MS - Date.now()
    if (left < 0) throw new Error('this machine is too slow to begin before the secrets expire')
    await sleep(left)
    const requests = await compare(server, measuring, 'lmdb', async () => {
      const until = performance.now() + LONGEST_MS
      while (performance.now() < until) {
        const page = await (await fetch(`http://${metrics}/metrics`)).text()
        const swept = Number(/^emberlink_sweep_removed_total (\d+)/m.exec(page)?.[1])
        if (swept >= SECRETS) {
          const seconds = Number(/^emberlink_sweep_duration_seconds ([\d.e-]+)/m.exec(page)?.[1])
          const to = performance.now()
          return { from: to - seconds * 1000 - POLL_MS, to }
        }
        await sleep(POLL_MS)
      }
      throw new Error('the server did not delete what expired')
    })
    return [...requests, await sweepTurns({ ...settings, DATA_DIR: await stage.folder() }, measuring)]
  },
}

/** How long the sweep holds the event loop, in CPU: requests show it only on a machine on which nothing else runs. */
async function sweepTurns(
  settings: Readonly<Record<string, string>>,
  { rounds }: Measuring,
): Promise<Comparison> {
  const samples: Sample[] = []
  for (let round = 0; round < rounds; round += 1) {
    const expireAt = Date.now() + LONGEST_MS
    await seed(settings, { count: SWEPT_SECRETS, expireAt })
    const args = [TURNS, settings['DATA_DIR'] ?? '', String(expireAt)]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    samples.push(distribution(JSON.parse(stdout) as number[]))
  }
  return {
    title: `turns of the event loop in which ${SWEPT_SECRETS} expired secrets are deleted, in CPU, lmdb`,
    samples: { sweep: samples },
    goals: [{ metric: 'p99', of: 'sweep' }],
  }
}

/** Sends requests at a fixed rate, and compares those during the expiry with those of the seconds before it. */
async function compare(
  server: BenchServer,
  { rate }: Measuring,
  store: string,
  expire: () => Promise<Span>,
): Promise<Comparison[]> {
  let goesOn = true
  const ended = expire().finally(() => {
    goesOn = false
  })
  const [{ from, to }, arrivals] = await Promise.all([ended, arrive(server, rate, () => goesOn)])
  const within = (first: number, last: number) =>
    percentiles(arrivals.filter(({ due }) => due >= first && due < last))
  return [
    {
      title: `${rate} requests a second while ${SECRETS} secrets expire (${((to - from) / 1000).toFixed(1)} s), ${store}`,
      samples: { idle: [within(from - IDLE_MS, from)], expiring: [within(from, to)] },
      goals: [{ metric: 'p99', of: 'expiring', to: 'idle', bound: { atMost: 2 } }],
    },
  ]
}

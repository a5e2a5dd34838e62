import { randomBytes } from 'node:crypto'
import { cpus } from 'node:os'
import { startRedis } from '../support/redis.ts'
import { type Load, loadConceal, loadPage, loadReveal, loadRevealByV2, loadShare } from './load.ts'
import { type BenchServer, startBaseline, startEmberlink } from './servers.ts'

const ROUNDS = 5
const SECONDS = 4
const WARM_UP_SECONDS = 2

interface Round {
  readonly ratio: number
  readonly ours: Measured
  readonly theirs: Measured
  readonly cpuRatio: number
}

interface Measured extends Load {
  /** Processor microseconds of the server for one request. */
  readonly cpu: number
}

const rootKey = randomBytes(32).toString('hex')

async function measure(server: BenchServer, load: () => Promise<Load>): Promise<Measured> {
  const before = await server.cpu()
  const result = await load()
  return { ...result, cpu: ((await server.cpu()) - before) * (1e6 / result.answered) }
}

/** Measures both servers in turn, so that a machine whose speed drifts treats them alike. */
async function compare(
  ours: BenchServer,
  theirs: BenchServer,
  load: (server: BenchServer) => Promise<() => Promise<Load>>,
): Promise<Round[]> {
  const rounds: Round[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const measured = new Map<BenchServer, Measured>()
    for (const server of round % 2 === 0 ? [ours, theirs] : [theirs, ours]) {
      measured.set(server, await measure(server, await load(server)))
    }
    const [a, b] = [measured.get(ours), measured.get(theirs)]
    if (a === undefined || b === undefined) throw new Error('a server was not measured')
    rounds.push({ ours: a, theirs: b, ratio: a.perSecond / b.perSecond, cpuRatio: a.cpu / b.cpu })
  }
  return rounds
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function report(name: string, rounds: readonly Round[]): void {
  const of = (pick: (round: Round) => number) => median(rounds.map(pick))
  const ratios = rounds.map(({ ratio }) => ratio.toFixed(2)).join(' ')
  process.stdout.write(
    `${name.padEnd(16)} ratio ${of((r) => r.ratio).toFixed(2)} (${ratios})` +
      `  ${of((r) => r.ours.perSecond).toFixed(0)} / ${of((r) => r.theirs.perSecond).toFixed(0)} req/s` +
      `  p50 ${of((r) => r.ours.p50)} / ${of((r) => r.theirs.p50)} ms` +
      `  p99 ${of((r) => r.ours.p99)} / ${of((r) => r.theirs.p99)} ms` +
      `  server CPU ${of((r) => r.cpuRatio).toFixed(2)} x, ${of((r) => r.ours.cpu).toFixed(0)} us\n`,
  )
}

async function benchStore(name: string, settings: Record<string, string>): Promise<void> {
  const ours = await startEmberlink({ ...settings, ...(settings['REDIS_URL'] && { ROOT_KEY: rootKey }) })
  const theirs = await startBaseline(settings)
  try {
    for (const server of [ours, theirs]) await loadShare(server.url, WARM_UP_SECONDS)
    report(
      `${name} share`,
      await compare(
        ours,
        theirs,
        async ({ url }) =>
          () =>
            loadShare(url, SECONDS),
      ),
    )
    report(
      `${name} reveal`,
      await compare(ours, theirs, async ({ url }) => {
        const keys: string[] = []
        await loadShare(url, SECONDS, keys)
        // The baseline stores under numbers and answers one constant key.
        return () => loadReveal(url, url === theirs.url ? keys.map((_, index) => String(index + 1)) : keys)
      }),
    )
  } finally {
    await Promise.all([ours.stop(), theirs.stop()])
  }
}

/** Measures v1 and v2 in turn on one server: to create a secret, and to reveal it. */
async function benchVersions(name: string, settings: Record<string, string>): Promise<void> {
  const server = await startEmberlink({ ...settings, ...(settings['REDIS_URL'] && { ROOT_KEY: rootKey }) })
  const versions = [
    { create: loadShare, reveal: loadReveal },
    { create: loadConceal, reveal: loadRevealByV2 },
  ]
  try {
    for (const { create } of versions) await create(server.url, WARM_UP_SECONDS)
    const costs = versions.map((): number[] => [])
    for (let round = 0; round < ROUNDS; round += 1) {
      const order = round % 2 === 0 ? [0, 1] : [1, 0]
      for (const index of order) {
        const { create, reveal } = versions[index] ?? { create: loadShare, reveal: loadReveal }
        const keys: string[] = []
        const created = await measure(server, () => create(server.url, SECONDS, keys))
        const revealed = await measure(server, () => reveal(server.url, keys))
        costs[index]?.push(created.cpu + revealed.cpu)
      }
    }
    const [v1 = [], v2 = []] = costs
    const ratios = v2.map((cost, round) => cost / (v1[round] ?? Number.NaN))
    process.stdout.write(
      `${`${name} v2 / v1`.padEnd(16)} ratio ${median(ratios).toFixed(2)} of server CPU` +
        ` (${ratios.map((ratio) => ratio.toFixed(2)).join(' ')})` +
        `  create and reveal: ${median(v2).toFixed(0)} / ${median(v1).toFixed(0)} us\n`,
    )
  } finally {
    await server.stop()
  }
}

/** Measures what pages cost the server: the form, an available secret, and its receipt. */
async function benchPages(): Promise<void> {
  const server = await startEmberlink({})
  try {
    const body = new URLSearchParams({ secret: 's'.repeat(100) })
    const answer = await fetch(`${server.url}/api/v1/share`, { method: 'POST', body })
    const { secret_key, metadata_key } = (await answer.json()) as Record<string, string>
    for (const path of ['/', `/secret/${secret_key}`, `/private/${metadata_key}`]) {
      await loadPage(server.url, path, WARM_UP_SECONDS)
      const { cpu, p50 } = await measure(server, () => loadPage(server.url, path, SECONDS))
      const name = path.replace(/[^/]{31}$/, ':key')
      process.stdout.write(
        `page ${name.padEnd(14)} ${(cpu / 1000).toFixed(2)} ms of processor, p50 ${p50} ms\n`,
      )
    }
  } finally {
    await server.stop()
  }
}

process.stdout.write(
  `node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}, 64 connections, secrets of 100 bytes,\n` +
    `medians of ${ROUNDS} paired rounds of ${SECONDS} s: Emberlink / bare Fastify route on the same store\n`,
)
await benchPages()
await benchStore('lmdb', {})
await benchVersions('lmdb', {})
const redis = await startRedis()
try {
  await benchStore('redis', { REDIS_URL: redis.url })
  await benchVersions('redis', { REDIS_URL: redis.url })
} finally {
  await redis.stop()
}

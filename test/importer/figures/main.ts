import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { generateOldRecords, type OldCounts, SITE_SECRET } from '../generate.ts'
import { type OldVersion, startOldRedis } from '../old-server.ts'

/** Of all records: a waiting secret, its receipt, and receipts and accounts that remain. */
const SHARES = { secrets: 0.25, receipts: 0.49, accounts: 0.01 } as const
const LOOK_MS = 250

/**
 * Measures how long an import takes and how much memory, for each version of the old records, into the embedded store. Run by
 * `npm run import-figures -- [RECORDS]`.
 */
async function main(): Promise<void> {
  const records = Number(process.argv[2] ?? 100_000)
  const counts: OldCounts = {
    secrets: records * SHARES.secrets,
    receipts: records * SHARES.receipts,
    accounts: records * SHARES.accounts,
  }
  process.stdout.write(`${JSON.stringify(counts)}\n`)
  for (const version of ['0.26', '0.20'] as const) await measure(version, counts)
}

async function measure(version: OldVersion, counts: OldCounts): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'emberlink-import-'))
  const old = await startOldRedis()
  try {
    await writeFile(join(folder, 'site-secret'), SITE_SECRET)
    const [generateMs] = await timed(() => generateOldRecords(old.client, version, counts))
    const [importMs, megabytes] = await timed(() => importAll(old.url, folder))
    const quarters = [0.1, 0.25, 0.5, 0.75, 1].map(
      (part) => megabytes[Math.ceil(megabytes.length * part) - 1] ?? 0,
    )
    const memory = quarters.map((value) => value.toFixed(0)).join(', ')
    process.stdout.write(
      `${version}: generated in ${minutes(generateMs)}, imported in ${minutes(importMs)}; MB at 10, 25, 50, 75 and 100 %: ${memory}; most ${Math.max(...megabytes).toFixed(0)}\n`,
    )
  } finally {
    await old.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Runs the command, and returns its memory in MB as it went along. */
async function importAll(url: string, folder: string): Promise<number[]> {
  const args = ['dist/main.js', 'import', 'onetime-secret', '--from', url]
  const child = spawn(process.execPath, [...args, '--site-secret-file', join(folder, 'site-secret')], {
    env: { PATH: process.env['PATH'], DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const ended = once(child, 'exit')
  const megabytes: number[] = []
  while (child.exitCode === null && child.signalCode === null) {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
    // Without the pages of the data file that are mapped, which the system takes back when it needs them.
    const [, kilobytes] = /^RssAnon:\s+(\d+) kB/m.exec(status) ?? []
    if (kilobytes !== undefined) megabytes.push((Number(kilobytes) * 1024) / 1e6)
    await Promise.race([sleep(LOOK_MS), ended])
  }
  if (child.exitCode !== 0) throw new Error(`the import ended with ${child.exitCode ?? child.signalCode}`)
  return megabytes
}

async function timed<T>(work: () => Promise<T>): Promise<[milliseconds: number, result: T]> {
  const began = performance.now()
  const result = await work()
  return [performance.now() - began, result]
}

function minutes(milliseconds: number): string {
  return `${(milliseconds / 60_000).toFixed(1)} min`
}

await main()

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { parseRecordId } from '../../src/secrets/keys.ts'
import { openLmdbStore } from '../../src/store/lmdb/open.ts'
import { milliseconds } from '../../src/time.ts'
import { startRacers } from '../contract/racers.ts'
import { available, newPair, READ, START } from '../contract/samples.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emberlink-faults-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('F14: keeps what it acknowledged before a kill -9, and keeps claimed secrets claimed', async () => {
  const claimRequest = { outcome: 'received', roots: ['root'] } as const
  for (const acknowledged of [40, 400, 1500]) {
    const writers = ['one', 'two'].map((name) => start('lmdb-writer.mjs', folder, `${name}${acknowledged}`))
    const said = (await Promise.all(writers.map((writer) => killAfter(writer, acknowledged)))).flat()
    const ids = (verb: string) =>
      said.flatMap((line) =>
        line.startsWith(`${verb} `) ? (parseRecordId(line.slice(verb.length + 1)) ?? []) : [],
      )
    const [created, claiming, claimed] = [ids('created'), new Set(ids('claiming')), ids('claimed')]
    expect(created.length).toBeGreaterThanOrEqual(acknowledged)
    expect(claimed.length).toBeGreaterThan(0)

    const now = milliseconds(Date.now())
    const store = await openLmdbStore(folder)
    const receipts = await Promise.all(claimed.map((id) => store.secrets.settle(id, 'observer', now)))
    expect(new Set(receipts.map((receipt) => receipt?.state))).toEqual(new Set(['received']))
    const again = await Promise.all(claimed.map((id) => store.secrets.claim(id, claimRequest, now)))
    expect(new Set(again.map((claim) => claim.kind))).toEqual(new Set(['gone']))
    const unclaimed = created.filter((id) => !claiming.has(id))
    const claims = await Promise.all(unclaimed.map((id) => store.secrets.claim(id, claimRequest, now)))
    const texts = claims.map((claim) => (claim.kind === 'claimed' ? claim.sealed.toString() : claim.kind))
    expect(texts).toEqual(unclaimed.map((id) => `sealed ${id}`.repeat(20)))
    await store.close()
  }
})

it('is not ready while another process holds the write lock, and is again when that process dies', async () => {
  const store = await openLmdbStore(folder)
  const pair = newPair()
  await store.secrets.create(pair, START)
  const holder = start('lmdb-holder.mjs', join(folder, 'secrets.mdb'))
  await once(createInterface(holder.stdout), 'line')
  const ready = store.ready()
  await expect(ready).rejects.toMatchObject({ code: 'store_unavailable' })
  await expect(ready).rejects.toHaveProperty('detail.cause.message', expect.stringMatching(/write lock/))
  expect(await store.secrets.peek(pair.id, START)).toStrictEqual(available(pair))
  const claim = store.secrets.claim(pair.id, READ, START)
  holder.kill('SIGKILL')
  expect(await claim).toMatchObject({ kind: 'claimed' })
  await expect(store.ready()).resolves.toEqual({ warnings: [] })
  await store.close()
})

it('sees at once what another process has claimed', async () => {
  const store = await openLmdbStore(folder)
  const pair = newPair()
  await store.secrets.create(pair, START)
  expect(await store.secrets.peek(pair.id, START)).toStrictEqual(available(pair))
  const script = `
    import { openLmdbStore } from '${new URL('../../compiled/store/lmdb/open.js', import.meta.url).href}'
    const store = await openLmdbStore('${folder}')
    await store.secrets.claim('${pair.id}', ${JSON.stringify(READ)}, ${START})
    await store.close()`
  // Without a turn of the event loop in between, in which a read transaction would be renewed.
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' })
  expect(await store.secrets.peek(pair.id, START)).toBeUndefined()
  expect(status).toBe(0)
  await store.close()
})

it('reads what all processes have written while they let the data file grow', async () => {
  const store = await openLmdbStore(folder)
  const racers = await startRacers(
    { opener: () => ({ module: 'store/lmdb/open.js', name: 'openLmdbStore', args: [folder] }) },
    3,
  )
  const pairs = Array.from({ length: 3 }, () =>
    Array.from({ length: 700 }, () => newPair({ sealed: Buffer.alloc(5000) })),
  )
  await racers.race(
    pairs.map((own) => own.map((pair) => ({ part: 'secrets', method: 'create', args: [pair, START] }))),
    async () => {},
  )
  const all = pairs
    .flat()
    .map((pair) => ({ part: 'secrets', method: 'peek', args: [pair.id, START] }) as const)
  const answers = await racers.race([all, all, all], async () => {
    for (const pair of pairs.flat()) expect(await store.secrets.peek(pair.id, START)).toBeDefined()
  })
  for (const seen of answers) expect(seen).toEqual(pairs.flat().map(available))
  await racers.stop()
  await store.close()
})

function start(script: string, ...args: string[]) {
  const path = fileURLToPath(new URL(script, import.meta.url))
  return spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Kills a writer at a random time after it acknowledged so many writes, and returns the lines that it wrote. */
async function killAfter(writer: ReturnType<typeof start>, acknowledged: number): Promise<string[]> {
  const lines: string[] = []
  const exited = once(writer, 'close')
  for await (const line of createInterface(writer.stdout)) {
    lines.push(line)
    if (lines.length === acknowledged * 2) writer.kill('SIGKILL')
  }
  await exited
  return lines
}

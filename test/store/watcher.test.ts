import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { DomainError } from '../../src/errors.ts'
import { openLmdbStore } from '../../src/store/lmdb/open.ts'
import { openStore } from '../../src/store/open.ts'
import type { Sweep } from '../../src/store/store.ts'
import { newPair, RECEIPT_EXPIRY, START } from '../contract/samples.ts'
import { startRedis } from '../support/redis.ts'

const MINUTE = 60_000

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emberlink-watcher-'))
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true })
})

it('reports to the watcher how much each sweep removed and how long it took', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const sweeps: Sweep[] = []
  const watcher = { onSweep: (sweep: Sweep) => void sweeps.push(sweep), onFault: () => undefined }
  const store = await openLmdbStore(folder, { clock: () => RECEIPT_EXPIRY, watcher })
  for (let i = 0; i < 3; i++) await store.secrets.create(newPair(), START)
  vi.advanceTimersByTime(MINUTE)
  await expect.poll(() => sweeps).toEqual([{ removed: 3, seconds: expect.any(Number) }])
  expect(sweeps[0]?.seconds).toBeGreaterThan(0)
  await store.close()
})

it('reports to the watcher once that sweeps fail, and again after one has succeeded', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const faults: DomainError[] = []
  let swept = 0
  const watcher = {
    onSweep: () => void swept++,
    onFault: (fault: DomainError) => void faults.push(fault),
  }
  let clock = () => START
  const store = await openLmdbStore(folder, { clock: () => clock(), watcher })
  const broken = () => {
    throw Object.assign(new Error('no time'), { name: 'DomainError', code: 'store_unavailable' })
  }
  for (const [state, seen] of [
    [broken, 1],
    [broken, 1],
    [() => START, 1],
    [broken, 2],
  ] as const) {
    clock = state
    vi.advanceTimersByTime(MINUTE)
    await expect.poll(() => faults.length).toBe(seen)
    await new Promise(setImmediate)
    if (state !== broken) await expect.poll(() => swept).toBe(1)
  }
  await store.close()
})

it('reports to the watcher a lost connection to Redis, with the reason and no password', async () => {
  const redis = await startRedis()
  const faults: DomainError[] = []
  const watcher = {
    onSweep: () => undefined,
    onReopened: () => undefined,
    onClockSkew: () => undefined,
    onFault: (fault: DomainError) => void faults.push(fault),
  }
  const store = await openStore({ redisUrl: redis.url, dataDir: folder }, { watcher })
  await redis.kill()
  await expect.poll(() => faults).toHaveLength(1)
  expect(faults[0]).toMatchObject({ code: 'store_unavailable', detail: { cause: expect.any(Error) } })
  expect(String(faults[0]?.cause)).not.toContain(redis.password)
  await store.close()
  await redis.stop()
})
